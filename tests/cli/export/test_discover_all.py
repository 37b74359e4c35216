"""Tests of `cdk-cleanrooms discover` for all types, against a local cloud."""

from __future__ import annotations

import json

import pytest

from tests.cli.export.conftest import Export
from tests.cli.export.worlds import World, whole_query_side

ALL = ("discover", "--resource-type", "all")


def test_the_table_of_all_types_has_a_column_for_the_type(world: World, run: Export) -> None:
    world.collaborate()
    world.schema_mapping("customers")
    status, output, error = run(*ALL)
    assert (status, error) == (0, "")
    heading, *rows = [line.split() for line in output.splitlines()]
    assert heading[:3] == ["TYPE", "ID", "NAME"]
    assert {row[0] for row in rows} == {"collaboration", "membership", "schema-mapping"}


def test_all_types_are_printed_as_one_piece_of_code(world: World, run: Export) -> None:
    world.collaborate()
    world.whole_mapping()
    whole_query_side(world)
    status, output, error = run(*ALL, "--format", "python")
    assert (status, error) == (0, "")
    assert output.count("from cdk_cleanrooms import ") == 1
    assert output.count("adopt=") == 21
    compile(output, "stack.py", "exec")


def test_identifiers_of_all_types_are_one_list(world: World, run: Export) -> None:
    world.collaborate()
    world.schema_mapping("customers")
    _, output, _ = run(*ALL, "--format", "id")
    assert {*output.split()} == {world.collaboration, world.membership, "customers"}


def test_each_object_of_all_types_says_its_type(world: World, run: Export) -> None:
    world.collaborate()
    _, output, _ = run(*ALL, "--format", "json")
    assert [one["resource_type"] for one in json.loads(output)] == ["collaboration", "membership"]


def test_all_types_can_be_those_of_one_membership(world: World, run: Export) -> None:
    world.collaborate()
    world.schema_mapping("customers")
    namespace = world.source("customers", "customers")
    world.associate("customers", namespace)
    other = World(world.account)
    other.collaborate("other")
    _, of_other, _ = run(*ALL, "--membership", other.membership)
    _, of_all, _ = run(*ALL)
    assert "id-namespace-association" not in of_other
    assert "id-namespace-association" in of_all


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("format", "nothing"), [("table", ""), ("json", "[]\n")])
def test_an_account_without_resources_is_told_so(format: str, nothing: str, run: Export) -> None:
    status, output, error = run(*ALL, "--format", format)
    assert (status, output) == (3, nothing)
    assert "this account in this Region has no resources" in error


def test_discover_without_arguments_lists_memberships(world: World, run: Export) -> None:
    world.collaborate()
    status, output, _ = run("discover")
    assert status == 0
    assert world.membership in output
