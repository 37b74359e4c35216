"""The example `id_mapping`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import Synthesize
from .running import ASSOCIATION, Template, resources_of


@pytest.fixture(scope="module")
def template(synthesize: Synthesize) -> Template:
    return synthesize("id_mapping").templates["IdMapping"]


def references(value: Any) -> Iterator[str]:
    """What CloudFormation waits for, because a value refers to it."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref":
                yield item
            elif key == "Fn::GetAtt":
                yield item[0]
            else:
                yield from references(item)


def created_before(template: Template, logical_id: str) -> set[str]:
    """What a resource refers to, and what that refers to, and so on."""
    resources = template["Resources"]
    found: set[str] = set()
    waiting = [logical_id]
    while waiting:
        new = set(references(resources[waiting.pop()]["Properties"])) & set(resources) - found
        found |= new
        waiting += new
    return found


def test_no_dependency_is_explicit(template: Template) -> None:
    assert [one for one in template["Resources"].values() if "DependsOn" in one] == []


def test_the_mapping_table_is_created_after_all_else(template: Template) -> None:
    (table,) = resources_of(template, "AWS::CleanRooms::IdMappingTable")
    assert created_before(template, table) == set(template["Resources"]) - {table}


def test_an_association_is_created_after_what_it_associates(template: Template) -> None:
    associations = resources_of(template, ASSOCIATION)
    assert len(associations) == 2
    for association in associations:
        earlier = created_before(template, association)
        types = [template["Resources"][logical_id]["Type"] for logical_id in earlier]
        assert sorted(types) == [
            "AWS::CleanRooms::Collaboration",
            "AWS::CleanRooms::Membership",
            "AWS::EntityResolution::IdNamespace",
        ]


def test_the_table_maps_the_source_to_the_target(template: Template) -> None:
    namespaces = resources_of(template, "AWS::EntityResolution::IdNamespace")
    (workflow,) = resources_of(template, "AWS::EntityResolution::IdMappingWorkflow").values()
    mapped = {
        source["InputSourceARN"]["Fn::GetAtt"][0]: source["Type"]
        for source in workflow["Properties"]["InputSourceConfig"]
    }
    assert mapped == {name: one["Properties"]["Type"] for name, one in namespaces.items()}
    assert sorted(mapped.values()) == ["SOURCE", "TARGET"]
