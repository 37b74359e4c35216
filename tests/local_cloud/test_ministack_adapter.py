"""Tests of ministack with the additional resource types."""

from __future__ import annotations

import json
from importlib import import_module
from importlib.metadata import requires
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    WaiterError,
)

from cdk_cleanrooms.local_cloud import LocalCloud
from cdk_cleanrooms.local_cloud.identifiers import ReproducibleIdentifiers
from cdk_cleanrooms.local_cloud.ministack_adapter import (
    KNOWN_TO_WORK,
    Ministack,
    UnknownMinistackError,
)
from cdk_cleanrooms.local_cloud.service import World

Properties = dict[str, Any]
TYPE_NAME = "AWS::CleanRooms::IdNamespaceAssociation"
PROVISIONERS = "ministack.services.cloudformation.provisioners"


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (PROVISIONERS, "_RESOURCE_HANDLERS", {}),
        (PROVISIONERS, "_REPLACING_PROPERTIES", None),
        ("ministack.services.cloudformation.changesets", "_IMPORT_LOOKUPS", {TYPE_NAME: ()}),
        ("ministack.services.cloudcontrol", "_get_resource", lambda: None),
    ],
)
def test_a_changed_ministack_is_reported_in_one_message(
    monkeypatch: pytest.MonkeyPatch, module: str, name: str, value: object
) -> None:
    monkeypatch.setattr(f"{module}.{name}", value)
    with pytest.raises(UnknownMinistackError) as caught:
        Ministack([], World().refusal, ReproducibleIdentifiers())
    assert f"{module}:{name} is missing or differs from version" in str(caught.value)
    assert str(caught.value).endswith(f"-m pip install ministack=={KNOWN_TO_WORK}")


def test_another_version_is_refused_with_the_command_to_mend_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cdk_cleanrooms.local_cloud.ministack_adapter.version", lambda _: "1.5.34")
    with pytest.raises(UnknownMinistackError, match=r"version 1\.5\.34 is installed") as caught:
        Ministack([], World().refusal, ReproducibleIdentifiers())
    assert str(caught.value).endswith(f"-m pip install ministack=={KNOWN_TO_WORK}")


def test_a_missing_part_is_reported_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(import_module(PROVISIONERS), "_STACK_TAG_PROPERTY")
    with pytest.raises(UnknownMinistackError, match="_STACK_TAG_PROPERTY is missing"):
        Ministack([], World().refusal, ReproducibleIdentifiers())


class Stack:
    """A stack in the local CloudFormation, with one association named `Mine`."""

    def __init__(self, cloud: LocalCloud, name: str) -> None:
        self._client = cloud.client("cloudformation")
        self.name = name

    def create(self, properties: Properties, **options: object) -> None:
        self._client.create_stack(**self._template(properties), **options)
        self._wait("create")

    def update(self, properties: Properties, **options: object) -> None:
        self._client.update_stack(**self._template(properties), **options)
        self._wait("update")

    def delete(self) -> None:
        self._client.delete_stack(StackName=self.name)
        self._wait("delete")

    def status(self) -> str:
        [described] = self._client.describe_stacks(StackName=self.name)["Stacks"]
        status: str = described["StackStatus"]
        return status

    def outputs(self) -> dict[str, str]:
        [described] = self._client.describe_stacks(StackName=self.name)["Stacks"]
        return {one["OutputKey"]: one["OutputValue"] for one in described["Outputs"]}

    def reasons(self) -> str:
        events = self._client.describe_stack_events(StackName=self.name)["StackEvents"]
        return "\n".join(one.get("ResourceStatusReason", "") for one in events)

    def import_set(self, properties: Properties, identifier: dict[str, str]) -> str:
        """Prepare an import, and return CloudFormation's description of it."""
        template = self._template(properties, DeletionPolicy="Retain")
        resource = {
            "ResourceType": TYPE_NAME,
            "LogicalResourceId": "Mine",
            "ResourceIdentifier": identifier,
        }
        self._client.create_change_set(
            **template,
            ChangeSetName="import",
            ChangeSetType="IMPORT",
            ResourcesToImport=[resource],
        )
        described = self._client.describe_change_set(StackName=self.name, ChangeSetName="import")
        reason: str = described["StatusReason"]
        return reason

    def execute_import(self) -> None:
        self._client.execute_change_set(StackName=self.name, ChangeSetName="import")
        self._wait("import")

    def _wait(self, operation: str) -> None:
        waiter = self._client.get_waiter(f"stack_{operation}_complete")
        waiter.wait(StackName=self.name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 300})

    def _template(self, properties: Properties, **attributes: str) -> dict[str, str]:
        outputs = {"Ref": {"Value": {"Ref": "Mine"}}, "Arn": {"Value": {"Fn::GetAtt": "Mine.Arn"}}}
        body = {
            "Resources": {"Mine": {"Type": TYPE_NAME, "Properties": properties, **attributes}},
            **({} if attributes else {"Outputs": outputs}),
        }
        return {"StackName": self.name, "TemplateBody": json.dumps(body)}


@pytest.fixture
def stack(cloud: LocalCloud, membership: str) -> Stack:
    return Stack(cloud, f"stack-{membership}")


def held(cloud: LocalCloud, membership: str) -> list[dict[str, Any]]:
    return [
        one
        for one in cloud.resources("IdNamespaceAssociation")
        if one["membershipId"] == membership
    ]


def test_a_stack_creates_and_deletes_an_association(
    cloud: LocalCloud, stack: Stack, membership: str, properties: Properties
) -> None:
    stack.create(properties)
    [created] = held(cloud, membership)
    assert stack.outputs() == {"Ref": f"{created['id']}|{membership}", "Arn": created["arn"]}
    stack.delete()
    assert held(cloud, membership) == []


def test_tags_of_the_stack_reach_the_association(
    cloud: LocalCloud, stack: Stack, membership: str, properties: Properties
) -> None:
    stack.create(properties, Tags=[{"Key": "Team", "Value": "Data"}])
    [created] = held(cloud, membership)
    assert created["tags"]["Team"] == "Data"
    assert created["tags"]["aws:cloudformation:logical-id"] == "Mine"


def test_a_change_of_a_create_only_property_replaces_the_association(
    cloud: LocalCloud, stack: Stack, membership: str, properties: Properties
) -> None:
    stack.create(properties)
    [first] = held(cloud, membership)
    properties["InputReferenceConfig"]["ManageResourcePolicies"] = False
    stack.update(properties | {"Name": "another"})
    [second] = held(cloud, membership)
    assert first["id"] != second["id"]
    assert "hence creating one" in stack.reasons()


def test_a_replacement_of_the_same_name_is_a_conflict_and_rolls_back(
    cloud: LocalCloud, stack: Stack, membership: str, properties: Properties
) -> None:
    stack.create(properties)
    before = held(cloud, membership)
    properties["InputReferenceConfig"]["ManageResourcePolicies"] = False
    with pytest.raises(WaiterError):
        stack.update(properties)
    assert stack.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert "HandlerErrorCode: AlreadyExists" in stack.reasons()
    assert held(cloud, membership) == before


def test_a_refused_change_in_place_rolls_back(
    cloud: LocalCloud, stack: Stack, membership: str, properties: Properties
) -> None:
    stack.create(properties)
    with pytest.raises(WaiterError):
        stack.update(properties | {"Description": "a" * 256})
    assert stack.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert "#/Description: expected maxLength: 255, actual: 256" in stack.reasons()
    [left] = held(cloud, membership)
    assert "description" not in left


def test_an_association_created_by_hand_is_imported_and_changed_in_place(
    cloud: LocalCloud,
    stack: Stack,
    membership: str,
    properties: Properties,
    request_to_create: dict[str, Any],
) -> None:
    cloud.client("cleanrooms").create_id_namespace_association(**request_to_create)
    [by_hand] = held(cloud, membership)
    identifier = {
        "IdNamespaceAssociationIdentifier": by_hand["id"],
        "MembershipIdentifier": membership,
    }
    assert stack.import_set(properties, identifier).startswith("Verify that resources")
    stack.execute_import()
    stack.update(properties | {"Description": "Ours"})
    [imported] = held(cloud, membership)
    assert (imported["id"], imported["description"]) == (by_hand["id"], "Ours")

    other = Stack(cloud, f"{stack.name}-other")
    assert "already exists in stack arn:aws:cloudformation" in other.import_set(
        properties, identifier
    )


def test_an_import_of_a_missing_resource_fails(
    stack: Stack, membership: str, properties: Properties
) -> None:
    identifier = {
        "IdNamespaceAssociationIdentifier": membership,
        "MembershipIdentifier": membership,
    }
    assert "HandlerErrorCode: NotFound" in stack.import_set(properties, identifier)


def test_the_summary_of_a_template_lists_the_identifiers_of_its_resources(
    cloud: LocalCloud, properties: Properties
) -> None:
    resources = {
        "Mine": {"Type": TYPE_NAME, "Properties": properties},
        "Queue": {"Type": "AWS::SQS::Queue"},
        "User": {"Type": "AWS::IAM::User"},
    }
    summary = cloud.client("cloudformation").get_template_summary(
        TemplateBody=json.dumps({"Resources": resources})
    )
    by_type = {one["ResourceType"]: one for one in summary["ResourceIdentifierSummaries"]}
    assert by_type[TYPE_NAME] == {
        "ResourceType": TYPE_NAME,
        "LogicalResourceIds": ["Mine"],
        "ResourceIdentifiers": ["IdNamespaceAssociationIdentifier", "MembershipIdentifier"],
    }
    assert by_type["AWS::SQS::Queue"]["ResourceIdentifiers"] == ["QueueUrl"]


def test_cloud_control_reads_the_live_properties(
    cloud: LocalCloud, stack: Stack, properties: Properties
) -> None:
    stack.create(properties)
    identifier = stack.outputs()["Ref"]
    found = cloud.client("cloudcontrol").get_resource(TypeName=TYPE_NAME, Identifier=identifier)
    description = found["ResourceDescription"]
    assert description["Identifier"] == identifier
    live = json.loads(description["Properties"])
    assert {name: live[name] for name in properties} == properties
    assert live["Arn"] == stack.outputs()["Arn"]


@pytest.mark.parametrize(
    ("type_name", "identifier", "error"),
    [
        (TYPE_NAME, "{0}|{0}", "ResourceNotFoundException"),
        (TYPE_NAME, "{0}", "InvalidRequestException"),
        ("AWS::SQS::Queue", "{0}", "ResourceNotFoundException"),
    ],
)
def test_cloud_control_reports_what_it_cannot_read(
    cloud: LocalCloud, membership: str, type_name: str, identifier: str, error: str
) -> None:
    with pytest.raises(ClientError) as caught:
        cloud.client("cloudcontrol").get_resource(
            TypeName=type_name, Identifier=identifier.format(membership)
        )
    assert caught.value.response["Error"]["Code"] == error


def test_the_extra_installs_exactly_the_version_that_is_known_to_work() -> None:
    needed = [one for one in requires("cdk-cleanrooms") or () if one.startswith("ministack")]
    assert [one.partition(";")[0] for one in needed] == [f"ministack=={KNOWN_TO_WORK}"]
