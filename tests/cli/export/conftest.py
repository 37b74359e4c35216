"""Fixtures that run the command in this process, against a local cloud."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from cdk_cleanrooms._cli import command
from cdk_cleanrooms._cli.export import exporting, synthesizer
from cdk_cleanrooms.local_cloud import LocalCloud
from tests.cli.conftest import Outcome
from tests.cli.export.here import SynthesizerHere
from tests.cli.export.worlds import World

Export = Callable[..., Outcome]

_ACCOUNTS = count(100000000001)


@pytest.fixture(scope="session")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud() as running:
        yield running


def new_world(cloud: LocalCloud) -> World:
    """Return a collaboration-to-be in an account of its own."""
    return World(cloud.other_account(str(next(_ACCOUNTS))))


@pytest.fixture
def world(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> World:
    """A collaboration-to-be in an account of its own, which this process uses too."""
    world = new_world(cloud)
    use(world, monkeypatch)
    return world


def use(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process use the account of a world."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in world.account.settings.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def synthesized_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the command synthesize in this process."""
    monkeypatch.setattr(exporting, "Synthesizer", SynthesizerHere)


@pytest.fixture
def synthesized_in_a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the command start its process, as a user's command does."""
    monkeypatch.setattr(exporting, "Synthesizer", synthesizer.Synthesizer)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Export:
    def run(*arguments: object) -> Outcome:
        capfd.readouterr()
        status: object
        try:
            status = command.main([*map(str, arguments)])
        except SystemExit as left:
            status = left.code
        return Outcome(status, *capfd.readouterr())

    return run


@pytest.fixture
def export(run: Export) -> Export:
    return lambda *arguments: run("export", *arguments)
