"""Common fixtures: an app, a stack in it, and a function that declares an association."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from typing import Any, ClassVar

import pytest
from aws_cdk import App, DefaultStackSynthesizer, Stack
from botocore import hooks, session as botocore_session
from botocore.compat import accepts_kwargs
from botocore.handlers import BUILTIN_HANDLERS
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from cdk_cleanrooms import IdNamespaceAssociation
from cdk_cleanrooms.local_cloud import LocalCloud, LocalCloudServer
from tests.helpers import Associate
from tests.samples import ID_NAMESPACE_ARN, MEMBERSHIP_ID


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
