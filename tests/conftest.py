"""The order of the tests, the measurement of their coverage, and the common fixtures."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import sys
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import mkdtemp
from typing import Any

import pytest

_ROOT = Path(__file__).parent
# The tests that have to cover the whole package. The coverage of the others is not measured, so
# that they do not cover by accident what these tests leave out.
_COVERING = tuple(_ROOT / name for name in ("cli", "core", "resources", "review"))
_IS_MEASURING = pytest.StashKey[bool]()
# Their tests start programs and take seconds. The slowest come first.
_SLOW = tuple(_ROOT / name for name in ("package", "docs", "end_to_end", "examples", "local_cloud"))


def pytest_configure(config: pytest.Config) -> None:
    """Stop what pytest-cov starts in each process of pytest-xdist beside the actual measurement.

    It would not be used, but continue, and take a third more time, whenever the other is paused.
    """
    if hasattr(config, "workerinput") and (coverage := _coverage(config)):
        coverage.pause()


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Load the fixtures, which takes seconds, after the measurement has begun.

    The process that only distributes the tests needs none, and the others wait for it.
    """
    if not session.config.getoption("numprocesses", None):
        # The CDK leaves the assembly of an app that names no folder among the temporary files. They
        # are removed after the end of the CDK's process, because that starts later.
        os.environ["TMPDIR"] = mkdtemp(prefix="cdk-cleanrooms-tests-")
        atexit.register(shutil.rmtree, os.environ["TMPDIR"], ignore_errors=True)
        from tests import fixtures

        session.config.pluginmanager.register(fixtures)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the slow tests, and end with those that are measured.

    The processes of a run then end at the same time, because only short tests are left. The
    measurement seldom begins and stops.
    """
    items.sort(key=lambda item: (_speed(item.path), _is_measured(item)))


def pytest_collection_finish() -> None:
    """Import everything while it is measured, and let the garbage collection leave it out.

    A module that a test whose coverage is not measured imports would not be covered. The CDK
    consists of millions of objects, and the garbage collection would look at all of them again and
    again.
    """
    import cdk_cleanrooms

    for module in walk_packages(cdk_cleanrooms.__path__, "cdk_cleanrooms."):
        if ".local_cloud" not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def pytest_unconfigure() -> None:
    """Collect the garbage once, and leave nothing to pytest, which would look for it five times."""
    gc.collect()
    gc.freeze()


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
        stash, counts = item.config.stash, _is_measured(item)
        if counts != stash.get(_IS_MEASURING, True):
            stash[_IS_MEASURING] = counts
            if counts:
                _forget_what_is_kept()
                coverage.resume()
            else:
                coverage.pause()


def _forget_what_is_kept() -> None:
    """Let the package find out again what it keeps for the life of a process, to measure that."""
    from cdk_cleanrooms._core.types import RESOURCE_TYPES, ResourceType

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
    """Return what measures the coverage, if it has to be complete."""
    plugin = config.pluginmanager.get_plugin("_cov")
    # `make cover-local-cloud` has other settings, and `make mutate` needs what each test covers.
    is_other = config.getoption("cov_config", "") != ".coveragerc"
    if plugin is None or is_other or config.getoption("cov_context"):
        return None
    return plugin.cov_controller


@cache
def _speed(path: Path) -> int:
    return next((n for n, slow in enumerate(_SLOW) if path.is_relative_to(slow)), len(_SLOW))


def _is_measured(item: pytest.Item) -> bool:
    counts = any(item.path.is_relative_to(folder) for folder in _COVERING)
    return counts and item.get_closest_marker("unmeasured") is None
