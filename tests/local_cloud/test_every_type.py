"""Tests for every resource type, with a small resource of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cdk_cleanrooms.local_cloud import LocalCloud
from cdk_cleanrooms.local_cloud.clean_rooms import CleanRooms
from cdk_cleanrooms.local_cloud.entity_resolution import EntityResolution
from cdk_cleanrooms.local_cloud.handlers import HandlerError, ResourceType, resource_types
from cdk_cleanrooms.local_cloud.json_schema import problems
from cdk_cleanrooms.local_cloud.service import Caller, World
from cdk_cleanrooms.local_cloud.service_model import schema_of

from .samples import (
    ASSOCIATIONS,
    COLLABORATION,
    INVITATION,
    OTHER_COLLABORATION,
    PARTNER,
    SAMPLES,
    Sample,
)
from .stacks import Stack

Properties = dict[str, Any]

# Types whose ARN does not match the API's own model, whose patterns describe older ARNs.
_ARN_IS_LONGER = ("ConfiguredTableAssociation", "PrivacyBudgetTemplate")

every_type = pytest.mark.parametrize("type_name", SAMPLES)
every_taggable_type = pytest.mark.parametrize(
    "type_name", [name for name in SAMPLES if not name.endswith("PolicyStatement")]
)


@pytest.fixture
def types() -> dict[str, ResourceType]:
    """The types, with the resources that an ID mapping table needs."""
    world = World()
    host = Caller(PARTNER, "us-east-1")
    for identifier in (COLLABORATION, OTHER_COLLABORATION):
        CleanRooms(world).call("CreateCollaboration", host, INVITATION)
        _, resource = world.resources.popitem()
        resource.arn = host.arn("cleanrooms", f"collaboration/{identifier}")
        resource.members |= {"id": identifier, "arn": resource.arn}
        world.add(resource)
    services = (CleanRooms(world), EntityResolution(world))
    found = {one.name: one for service in services for one in resource_types(service)}
    for association in ASSOCIATIONS:
        found["AWS::CleanRooms::IdNamespaceAssociation"].create(
            Caller("111122223333", "us-east-1"), "Before", association
        )
    return found


def test_there_is_a_sample_of_each_type(types: dict[str, ResourceType]) -> None:
    assert types.keys() == SAMPLES.keys()


@every_type
def test_a_new_resource_has_the_declared_properties(
    types: dict[str, ResourceType], caller: Caller, type_name: str
) -> None:
    kind, sample = types[type_name], SAMPLES[type_name]
    physical_id, attributes = kind.create(caller, "Mine", sample.least)
    live = kind.read(caller, physical_id)
    assert {name: live[name] for name in sample.least} == sample.least
    assert attributes.keys() == set(kind.schema.attributes)
    assert live.keys() >= attributes.keys()
    assert "|".join(live[name] for name in kind.schema.primary_identifier) == physical_id


@every_taggable_type
def test_the_api_describes_it_according_to_its_model(
    types: dict[str, ResourceType], caller: Caller, type_name: str
) -> None:
    kind, sample = types[type_name], SAMPLES[type_name]
    physical_id, _ = kind.create(caller, "Mine", sample.least)
    names = [name[0].lower() + name[1:] for name in kind.schema.primary_identifier]
    operation = f"Get{kind.kind.name}"
    identifiers = dict(zip(names, physical_id.split("|"), strict=True))
    answer = kind.service.call(operation, caller, identifiers)
    shape = kind.service.model.operation(operation).output_shape
    found = [
        problem
        for problem in problems(schema_of(shape), json.loads(json.dumps(answer)))
        if not (kind.kind.name in _ARN_IS_LONGER and "/arn: " in problem)
    ]
    assert found == []


@every_type
def test_a_change_in_place_keeps_the_resource(
    types: dict[str, ResourceType], caller: Caller, type_name: str
) -> None:
    kind, sample = types[type_name], SAMPLES[type_name]
    assert not sample.in_place.keys() & set(kind.schema.create_only)
    physical_id, _ = kind.create(caller, "Mine", sample.least)
    changed = sample.least | sample.in_place
    assert kind.update(caller, "Mine", physical_id, sample.least, changed)[0] == physical_id
    live = kind.read(caller, physical_id)
    assert {name: live[name] for name in changed} == changed


@every_type
def test_a_deleted_resource_is_gone_and_deleting_it_again_succeeds(
    types: dict[str, ResourceType], caller: Caller, type_name: str
) -> None:
    kind, sample = types[type_name], SAMPLES[type_name]
    physical_id, _ = kind.create(caller, "Mine", sample.least)
    kind.delete(caller, physical_id)
    kind.delete(caller, physical_id)
    with pytest.raises(HandlerError, match="HandlerErrorCode: NotFound"):
        kind.read(caller, physical_id)


@every_taggable_type
def test_tags_are_set_changed_and_removed(
    types: dict[str, ResourceType], caller: Caller, type_name: str
) -> None:
    kind, least = types[type_name], SAMPLES[type_name].least
    before = least | {"Tags": [{"Key": "Team", "Value": "Data"}, {"Key": "Old", "Value": "1"}]}
    after = least | {"Tags": [{"Key": "Team", "Value": "Science"}]}
    physical_id, _ = kind.create(caller, "Mine", before)
    assert kind.read(caller, physical_id)["Tags"] == before["Tags"]
    kind.update(caller, "Mine", physical_id, before, after)
    assert kind.read(caller, physical_id)["Tags"] == after["Tags"]


@every_type
def test_properties_that_the_schema_does_not_have_are_refused(
    types: dict[str, ResourceType], caller: Caller, type_name: str
) -> None:
    with pytest.raises(ValueError, match="Properties validation failed for resource Mine"):
        types[type_name].create(caller, "Mine", SAMPLES[type_name].least | {"Nope": 1})


@every_taggable_type
def test_a_list_has_pages(types: dict[str, ResourceType], caller: Caller, type_name: str) -> None:
    kind, sample = types[type_name], SAMPLES[type_name]
    if kind.kind.name == "PrivacyBudgetTemplate":
        pytest.skip("A collaboration can have only one such template.")
    kind.create(caller, "Mine", sample.least)
    other = sample.least | (sample.replacing or sample.in_place)
    name = {"Name": f"{other['Name']}_2"} if "Name" in other else {}
    kind.create(caller, "Other", other | name)
    request: Properties = {}
    operation = f"List{kind.kind.name}s"
    if "membershipIdentifier" in kind.service.model.identifiers(operation):
        request["membershipIdentifier"] = sample.least["MembershipIdentifier"]
    whole = kind.service.call(operation, caller, request)
    [items] = whole
    paged = []
    token: Properties = {}
    while True:
        page = kind.service.call(operation, caller, request | {"maxResults": 1} | token)
        paged += page[items]
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}
    assert paged == whole[items]
    assert paged
    for summary in paged:
        assert "tags" not in summary


def declared(properties: Properties, type_name: str) -> Properties:
    """Return the resources of a template with a sample and the resources that it needs."""
    needed = {
        f"Before{number}": {
            "Type": "AWS::CleanRooms::IdNamespaceAssociation",
            "Properties": association,
        }
        for number, association in enumerate(ASSOCIATIONS)
        if type_name.endswith("IdMappingTable")
    }
    mine = {"Type": type_name, "Properties": properties, "DependsOn": list(needed)}
    return {**needed, "Mine": mine}


@pytest.fixture(scope="module")
def own_cloud() -> Any:
    """A cloud for this module alone, because the names of the samples are fixed."""
    with LocalCloud() as running:
        yield running


@pytest.fixture
def hosted(own_cloud: LocalCloud) -> Iterator[Callable[[Sample], Sample]]:
    """Replaces the collaborations of a sample by those that a partner hosts in the cloud."""
    client = own_cloud.client("cleanrooms", account=PARTNER)
    identifiers = {
        identifier: client.create_collaboration(**INVITATION)["collaboration"]["id"]
        for identifier in (COLLABORATION, OTHER_COLLABORATION)
    }

    def replaced(properties: Properties) -> Properties:
        return {
            name: identifiers.get(value, value) if isinstance(value, str) else value
            for name, value in properties.items()
        }

    yield lambda sample: Sample(*map(replaced, sample))
    # An account can create only ten.
    for identifier in identifiers.values():
        client.delete_collaboration(collaborationIdentifier=identifier)


@pytest.fixture
def new_stack(own_cloud: LocalCloud) -> Any:
    """Creates stacks, and deletes them after the test."""
    stacks: list[Stack] = []

    def made(name: str) -> Stack:
        stacks.append(Stack(own_cloud, name))
        return stacks[-1]

    yield made
    for stack in reversed(stacks):
        stack.destroy()


@every_type
def test_a_stack_creates_changes_replaces_and_deletes_it(
    own_cloud: LocalCloud,
    types: dict[str, ResourceType],
    new_stack: Callable[[str], Stack],
    hosted: Callable[[Sample], Sample],
    type_name: str,
) -> None:
    sample, schema = hosted(SAMPLES[type_name]), types[type_name].schema
    stack = new_stack("Changes")
    outputs = {"Ref": {"Value": {"Ref": "Mine"}}} | {
        name: {"Value": {"Fn::GetAtt": ["Mine", name]}} for name in schema.attributes
    }
    stack.create(declared(sample.least, type_name), outputs)
    first = stack.physical_ids()["Mine"]
    assert stack.outputs()["Ref"] == first
    assert stack.outputs().keys() == outputs.keys()
    assert stack.drift("Mine")["StackResourceDriftStatus"] == "IN_SYNC"

    changed = sample.least | sample.in_place
    stack.update(declared(changed, type_name), outputs)
    assert stack.physical_ids()["Mine"] == first
    live = own_cloud.client("cloudcontrol").get_resource(TypeName=type_name, Identifier=first)
    properties = json.loads(live["ResourceDescription"]["Properties"])
    assert {name: properties[name] for name in changed} == changed
    assert stack.drift("Mine")["StackResourceDriftStatus"] == "IN_SYNC"

    if sample.replacing:
        stack.update(declared(changed | sample.replacing, type_name), outputs)
        assert stack.physical_ids()["Mine"] != first
    stack.destroy()
    own = own_cloud.account
    assert [one for one in own_cloud.resources() if one["account"] == own] == []


@every_type
def test_a_stack_imports_what_another_has_retained_and_tags_it(
    own_cloud: LocalCloud,
    types: dict[str, ResourceType],
    new_stack: Callable[[str], Stack],
    hosted: Callable[[Sample], Sample],
    type_name: str,
) -> None:
    sample, schema = hosted(SAMPLES[type_name]), types[type_name].schema
    resources = declared(sample.least, type_name)
    resources["Mine"]["DeletionPolicy"] = "RetainExceptOnCreate"
    needed = {name: one for name, one in resources.items() if name != "Mine"}
    before, first, second = (new_stack(name) for name in ("Before", "First", "Second"))
    if needed:
        before.create(needed)
    del resources["Mine"]["DependsOn"]
    mine = {"Mine": resources["Mine"]}
    first.create(mine)
    physical_id = first.physical_ids()["Mine"]
    first.destroy()

    def held_tags() -> dict[str, str]:
        [found] = [
            one
            for one in own_cloud.resources()
            if one["kind"] == type_name.split("::")[2]
            and one["tags"].get("aws:cloudformation:logical-id") == "Mine"
        ]
        tags: dict[str, str] = found["tags"]
        return tags

    if schema.is_taggable:
        assert held_tags()["aws:cloudformation:stack-name"] == "First"
    keys = dict(zip(schema.primary_identifier, physical_id.split("|"), strict=True))
    second.import_resources(mine, {"Mine": keys})
    assert second.physical_ids() == {"Mine": physical_id}
    if schema.is_taggable:
        assert held_tags()["aws:cloudformation:stack-name"] == "Second"
    mine["Mine"]["DeletionPolicy"] = "Delete"
    second.update(mine)
    second.destroy()
