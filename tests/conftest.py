"""Common fixtures: an app, a stack in it, and a function that declares an association."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, DefaultStackSynthesizer, Stack
from botocore import session as botocore_session
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from cdk_cleanrooms import IdNamespaceAssociation
from cdk_cleanrooms.local_cloud import LocalCloud, LocalCloudServer
from tests.helpers import Associate
from tests.samples import ID_NAMESPACE_ARN, MEMBERSHIP_ID

_ROOT = Path(__file__).parent
# The tests that have to cover the whole package. The coverage of the others is not measured, so
# that they do not cover by accident what these tests leave out.
_COVERING = [_ROOT / name for name in ("cli", "core", "resources", "review")]
# Their tests start programs and take seconds.
_SLOW = [_ROOT / name for name in ("package", "docs", "examples", "end_to_end", "local_cloud")]

# `make mutate` turns it off, because it is slow. Tests that values are accepted then prove less.
_VALIDATION = os.environ.get("CDK_VALIDATION_OF_TESTS", "true") == "true"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Measure the coverage only where it counts, and start with the slow tests.

    The processes of a run then end at the same time, because only short tests are left at the end.
    """
    if config.getoption("cov_config") == ".coveragerc":  # the settings in pyproject.toml
        for item in items:
            if not _is_in(_COVERING, item):
                item.add_marker("no_cover")
    items.sort(key=lambda item: not _is_in(_SLOW, item))


def _is_in(folders: list[Path], item: pytest.Item) -> bool:
    return any(item.path.is_relative_to(folder) for folder in folders)


@pytest.fixture(scope="session", autouse=True)
def models_are_read_once() -> Iterator[None]:
    """Let all sessions of boto3 in this process share the models of the services.

    Each command makes its own session, and reading the models takes longer than the rest of it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore_session, "create_loader", cache(botocore_session.create_loader))
        yield


@pytest.fixture
def app(tmp_path: Path) -> App:
    """An app whose synthesis fails if the CDK's own validation finds a mistake."""
    return App(
        outdir=str(tmp_path / "cdk.out"),
        context={"@aws-cdk/core:validateAgainstDefaultRules": _VALIDATION},
        # The template then contains only what the constructs of the app add.
        default_stack_synthesizer=DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
    )


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
