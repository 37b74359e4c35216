"""Fixtures that run the command in this process, against a local cloud."""

from __future__ import annotations

import os
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from itertools import count
from typing import Any

import pytest
from botocore.client import BaseClient

from cdk_cleanrooms._cli import command
from cdk_cleanrooms._cli.export import exporting, synthesizer
from cdk_cleanrooms.local_cloud import LocalCloud
from tests.cli.conftest import Outcome
from tests.cli.export.here import SynthesizerHere
from tests.cli.export.worlds import World, whole_query_side

Export = Callable[..., Outcome]

_ACCOUNTS = count(100000000001)


def new_world(cloud: LocalCloud) -> World:
    """Return a collaboration-to-be in an account of its own."""
    return World(cloud.other_account(str(next(_ACCOUNTS))))


@pytest.fixture
def world(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> World:
    """A collaboration-to-be in an account of its own, which this process uses too."""
    return use(new_world(cloud), monkeypatch)


@pytest.fixture(scope="session")
def shared(cloud: LocalCloud) -> Callable[[str], World]:
    """Makes each collaboration once that many tests read, and none changes."""

    @cache
    def make(contents: str) -> World:
        world = new_world(cloud)
        world.collaborate()
        if contents == "ID mapping":
            world.whole_mapping()
        if contents == "query side":
            whole_query_side(world)
        return world

    return make


@pytest.fixture
def empty(shared: Callable[[str], World], monkeypatch: pytest.MonkeyPatch) -> World:
    """A collaboration with nothing in it, which must stay so."""
    return read(shared("nothing"), monkeypatch)


@pytest.fixture
def mapping(shared: Callable[[str], World], monkeypatch: pytest.MonkeyPatch) -> World:
    """A collaboration with an ID mapping, which must not change."""
    return read(shared("ID mapping"), monkeypatch)


@pytest.fixture
def query_side(shared: Callable[[str], World], monkeypatch: pytest.MonkeyPatch) -> World:
    """A collaboration with tables, rules, templates and budgets, which must not change."""
    return read(shared("query side"), monkeypatch)


def read(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Let this process use the account of a world that stays as it is, and remember all answers."""
    call = BaseClient._make_api_call

    def answer(client: Any, name: str, parameters: Any) -> Any:
        meta = client.meta
        service = meta.service_model.service_name
        key = (service, meta.endpoint_url, meta.region_name, name, repr(parameters))
        if key not in world.answers:
            world.answers[key] = call(client, name, parameters)
        return deepcopy(world.answers[key])

    monkeypatch.setattr(BaseClient, "_make_api_call", answer)
    return use(world, monkeypatch)


def use(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Let this process use the account of a world, and return the world."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in world.account.settings.items():
        monkeypatch.setenv(name, value)
    return world


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
