"""Common fixtures: an app, a stack in it, and a function that declares an association."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from importlib import import_module
from itertools import count
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, ClassVar

import pytest
from aws_cdk import App, DefaultStackSynthesizer, Stack
from botocore import hooks, session as botocore_session
from botocore.compat import accepts_kwargs
from botocore.handlers import BUILTIN_HANDLERS
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

import cdk_cleanrooms
from cdk_cleanrooms import IdNamespaceAssociation
from cdk_cleanrooms._core.types import RESOURCE_TYPES, ResourceType
from cdk_cleanrooms.local_cloud import LocalCloud, LocalCloudServer
from tests.helpers import Associate
from tests.samples import ID_NAMESPACE_ARN, MEMBERSHIP_ID

_ROOT = Path(__file__).parent
# The tests that have to cover the whole package. The coverage of the others is not measured, so
# that they do not cover by accident what these tests leave out.
_COVERING = tuple(_ROOT / name for name in ("cli", "core", "resources", "review"))
_IS_MEASURING = pytest.StashKey[bool]()
# Their tests start programs and take seconds.
_SLOW = tuple(_ROOT / name for name in ("package", "docs", "examples", "end_to_end", "local_cloud"))


def pytest_configure(config: pytest.Config) -> None:
    """Stop what pytest-cov starts in each process of pytest-xdist beside the actual measurement.

    It would not be used, but continue, and take a third more time, whenever the other is paused.
    """
    if hasattr(config, "workerinput") and (coverage := _coverage(config)):
        coverage.pause()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the slow tests.

    The processes of a run then end at the same time, because only short tests are left at the end.
    """
    items.sort(key=lambda item: not _is_in(_SLOW, item.path))


def pytest_collection_finish() -> None:
    """Import everything while it is measured, and let the garbage collection leave it out.

    A module that a test whose coverage is not measured imports would not be covered. The CDK
    consists of millions of objects, and the garbage collection would look at all of them again and
    again.
    """
    for module in walk_packages(cdk_cleanrooms.__path__, "cdk_cleanrooms."):
        if ".local_cloud" not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Do not measure the process that only distributes the tests to others."""
    coverage = _coverage(session.config)
    if coverage and session.config.getoption("numprocesses", None):
        coverage.pause()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Measure the coverage only where it counts, with the fixtures: it takes a third more time."""
    if coverage := _coverage(item.config):
        stash, counts = item.config.stash, _is_in(_COVERING, item.path)
        if counts != stash.get(_IS_MEASURING, True):
            stash[_IS_MEASURING] = counts
            if counts:
                _forget_what_is_kept()
                coverage.resume()
            else:
                coverage.pause()


def _forget_what_is_kept() -> None:
    """Let the package find out again what it keeps for the life of a process, to measure that."""
    for row in RESOURCE_TYPES:
        for name, value in vars(ResourceType).items():
            if isinstance(value, cached_property):
                vars(row).pop(name, None)
    for name, module in [*sys.modules.items()]:
        if name.startswith("cdk_cleanrooms.") and ".local_cloud" not in name:
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _coverage(config: pytest.Config) -> Any:
    """Return what measures the coverage, if it does this with the settings in pyproject.toml."""
    plugin = config.pluginmanager.get_plugin("_cov")
    if plugin is None or config.getoption("cov_config") != ".coveragerc":
        return None
    return plugin.cov_controller


@cache
def _is_in(folders: tuple[Path, ...], path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


@pytest.fixture(scope="session", autouse=True)
def models_are_read_once() -> Iterator[None]:
    """Let all sessions of boto3 in this process share the models, and what they find out.

    Each command makes its own session, which takes longer than the rest of it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore_session, "create_loader", cache(botocore_session.create_loader))
        patch.setattr(botocore_session, "EventAliaser", _EventAliaser)
        patch.setattr(hooks, "accepts_kwargs", _accepts_keywords)
        yield


class _EventAliaser(hooks.EventAliaser):  # type: ignore[misc]  # botocore has no types
    """Names events as botocore does, but finds each name once for all sessions."""

    _NAMES: ClassVar[dict[str, str]] = {}

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._alias_name_cache = self._NAMES


_BUILTIN = {handler: accepts_kwargs(handler) for _, handler, *_ in BUILTIN_HANDLERS}


def _accepts_keywords(handler: Any) -> Any:
    return _BUILTIN[handler] if handler in _BUILTIN else accepts_kwargs(handler)


@pytest.fixture(scope="session")
def new_app(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], App]:
    """Creates an app. Apps share what they can, because more than a thousand tests create one."""
    numbers = count()
    folder = tmp_path_factory.mktemp("apps")
    # The template then contains only what the constructs of the app add.
    synthesizer = DefaultStackSynthesizer(generate_bootstrap_version_rule=False)
    context = {"@aws-cdk/core:validateAgainstDefaultRules": True}
    return lambda: App(
        outdir=str(folder / str(next(numbers))),
        context=context,
        default_stack_synthesizer=synthesizer,
    )


@pytest.fixture
def app(new_app: Callable[[], App]) -> App:
    """An app whose synthesis fails if the CDK's own validation finds a mistake."""
    return new_app()


@pytest.fixture
def stack(app: App) -> Stack:
    return Stack(app, "Stack")


@pytest.fixture
def associate(stack: Stack) -> Associate:
    def declare(**arguments: Any) -> IdNamespaceAssociation:
        good: dict[str, Any] = {
            "scope": stack,
            "id": "Association",
            "membership": MEMBERSHIP_ID,
            "id_namespace": ID_NAMESPACE_ARN,
            "name": "customers",
        }
        return IdNamespaceAssociation(**good | arguments)

    return declare


@pytest.fixture(scope="session")
def cloud(cleanrooms_cloud_server: LocalCloudServer) -> Iterator[LocalCloud]:
    """One account for all tests, which use different memberships and stacks.

    A test that needs an empty account uses the fixture `cleanrooms_cloud` of our plugin.
    """
    with LocalCloud(url=cleanrooms_cloud_server.url) as running:
        yield running


@pytest.fixture
def json_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots with one readable file each."""
    return snapshot.use_extension(JSONSnapshotExtension)
