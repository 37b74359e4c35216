"""Fixtures: an app to deploy to the local cloud."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from cdk_cleanrooms._cli import command
from cdk_cleanrooms._cli.stop import Stoppable
from cdk_cleanrooms.local_cloud import LocalCloud

from .cdk_app import CdkApp, environment_of_cli
from .without_cli import run_through_api


class Outcome(NamedTuple):
    """The exit status of `cdk-cleanrooms adopt`, and what it and the CDK CLI wrote."""

    status: int
    output: str
    error: str


Adopt = Callable[..., Outcome]


@pytest.fixture(scope="session")
def bootstrap(cloud: LocalCloud) -> Callable[[], None]:
    """Bootstraps the local cloud before the first command of the CLI that deploys."""
    return cache(cloud.bootstrap)


@pytest.fixture
def app(tmp_path: Path, cloud: LocalCloud, bootstrap: Callable[[], None]) -> Iterator[CdkApp]:
    yield CdkApp(tmp_path, cloud, bootstrap)
    # All tests share the account, which can create only ten collaborations.
    for one in cloud.resources("Collaboration"):
        if one["creatorAccountId"] == cloud.account:
            cloud.client("cleanrooms").delete_collaboration(collaborationIdentifier=one["id"])


@pytest.fixture
def in_the_cloud(app: CdkApp, monkeypatch: pytest.MonkeyPatch) -> CdkApp:
    """Let commands in this process use the local cloud, in the folder of the app."""
    monkeypatch.chdir(app.folder)
    environment = environment_of_cli(app.cloud)
    for name in os.environ.keys() - environment.keys():
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return app


@pytest.fixture
def adopt(adopt_with_cli: Adopt, in_the_cloud: CdkApp, monkeypatch: pytest.MonkeyPatch) -> Adopt:
    """Runs `cdk-cleanrooms adopt`, by default on the assembly of the newest version of the app.

    The command runs in this process. It imports and deploys through CloudFormation's API, with what
    it passes to the CDK CLI. Only an app that is a program is run by the real CLI.
    """

    run_program = Stoppable.run

    def run(stoppable: Stoppable, command: Sequence[str], *, stdout: int) -> int:
        if command[1] == "synth":
            return run_program(stoppable, command, stdout=stdout)
        return run_through_api(in_the_cloud.cloud, command)

    def adopt(*arguments: str) -> Outcome:
        with monkeypatch.context() as patch:
            patch.setattr(Stoppable, "run", run)
            return adopt_with_cli(*arguments)

    return adopt


@pytest.fixture
def adopt_with_cli(in_the_cloud: CdkApp, capfd: pytest.CaptureFixture[str]) -> Adopt:
    """The same with the real CDK CLI, whose commands take seconds, for tests that are about it."""

    def adopt(*arguments: str) -> Outcome:
        in_the_cloud.prepare_for_cli()
        options = [] if "--app" in arguments else ["--app", "cdk.out"]
        capfd.readouterr()
        status = command.main(["adopt", *arguments, *options])
        return Outcome(status, *capfd.readouterr())

    return adopt
