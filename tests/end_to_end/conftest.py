"""Fixtures: a bootstrapped local cloud, and an app to deploy to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cdk_cleanrooms.local_cloud import LocalCloud

from .cdk_app import CdkApp, run_cdk


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """One local cloud for all tests, which use different memberships and stacks."""
    with LocalCloud() as running:
        environment = f"aws://{running.account}/{running.region}"
        result = run_cdk(running, tmp_path_factory.mktemp("bootstrap"), "bootstrap", environment)
        assert result.status == 0, result.output
        yield running


@pytest.fixture
def app(tmp_path: Path, cloud: LocalCloud) -> CdkApp:
    return CdkApp(tmp_path, cloud)
