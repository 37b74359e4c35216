"""Tests of the states of a stack, and of what CloudFormation refuses in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_cleanrooms.local_cloud import LocalCloud

from .stacks import Resources, Stack, StackFailedError

ASSOCIATION = "AWS::CleanRooms::IdNamespaceAssociation"
COLLABORATION: Resources = {
    "Type": "AWS::CleanRooms::Collaboration",
    "Properties": {
        "Name": "match",
        "Description": "Which customers subscribe",
        "CreatorDisplayName": "Example Corp",
        "QueryLogStatus": "DISABLED",
        "CreatorMemberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
        "Members": [],
    },
}
MEMBERSHIP: Resources = {
    "Type": "AWS::CleanRooms::Membership",
    "Properties": {
        "CollaborationIdentifier": {"Ref": "Collaboration"},
        "QueryLogStatus": "DISABLED",
    },
}

Held = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def stack(cloud: LocalCloud, membership: str) -> Stack:
    return Stack(cloud, f"stack-{membership}")


@pytest.fixture
def association(properties: Resources) -> Resources:
    return {"Type": ASSOCIATION, "Properties": properties}


@pytest.fixture
def held(cloud: LocalCloud, membership: str) -> Held:
    """Returns the associations in the membership."""
    return lambda: [
        one
        for one in cloud.resources("IdNamespaceAssociation")
        if one["membershipId"] == membership
    ]


@pytest.fixture
def by_hand(
    cloud: LocalCloud, membership: str, request_to_create: Resources
) -> Callable[[str], Resources]:
    """Creates an association without a stack, and returns its identifier."""

    def made(name: str) -> Resources:
        request = request_to_create | {"name": name}
        created = cloud.client("cleanrooms").create_id_namespace_association(**request)
        return {
            "IdNamespaceAssociationIdentifier": created["idNamespaceAssociation"]["id"],
            "MembershipIdentifier": membership,
        }

    return made


@pytest.mark.parametrize(("policy", "is_left"), [("Retain", True), ("RetainExceptOnCreate", False)])
def test_a_failed_creation_leaves_resources_with_the_policy_retain(
    stack: Stack, association: Resources, held: Held, policy: str, is_left: bool
) -> None:
    first = association | {"DeletionPolicy": policy}
    with pytest.raises(StackFailedError, match="ROLLBACK_COMPLETE"):
        stack.create({"First": first, "Second": association | {"DependsOn": "First"}})
    assert bool(held()) == is_left


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_a_failed_update_deletes_only_what_it_created(
    stack: Stack, association: Resources, held: Held, policy: str
) -> None:
    first = association | {"DeletionPolicy": policy}
    second = association | {"DeletionPolicy": policy}
    second["Properties"] = association["Properties"] | {"Name": "visitors"}
    stack.create({"First": first})
    with pytest.raises(StackFailedError, match="UPDATE_ROLLBACK_COMPLETE"):
        stack.update(
            {"First": first, "Second": second, "Third": association | {"DependsOn": "Second"}}
        )
    names = [one["name"] for one in held()]
    assert names == (["customers", "visitors"] if policy == "Retain" else ["customers"])


def test_a_failed_import_leaves_the_resources_unchanged(
    cloud: LocalCloud,
    stack: Stack,
    association: Resources,
    held: Held,
    by_hand: Callable[[str], Resources],
) -> None:
    association["DeletionPolicy"] = "RetainExceptOnCreate"
    identifiers = {"First": by_hand("customers"), "Second": by_hand("visitors")}
    stack.import_set({"First": association, "Second": association}, identifiers)
    gone = identifiers["Second"]
    cloud.client("cleanrooms").delete_id_namespace_association(
        membershipIdentifier=gone["MembershipIdentifier"],
        idNamespaceAssociationIdentifier=gone["IdNamespaceAssociationIdentifier"],
    )
    stack.client.execute_change_set(StackName=stack.name, ChangeSetName="import")
    with pytest.raises(StackFailedError, match="does not exist"):
        stack.wait("import")
    [left] = held()
    assert (left["name"], left["tags"]) == ("customers", {})


def test_a_rolled_back_stack_can_only_be_deleted(
    stack: Stack, association: Resources, by_hand: Callable[[str], Resources]
) -> None:
    identifier = by_hand("customers")
    with pytest.raises(StackFailedError, match="HandlerErrorCode: AlreadyExists"):
        stack.create({"Mine": association})
    retained = {"Mine": association | {"DeletionPolicy": "Retain"}}
    with pytest.raises(ClientError, match="is in ROLLBACK_COMPLETE state and can not be updated"):
        stack.import_set(retained, {"Mine": identifier})
    with pytest.raises(ClientError, match="is in ROLLBACK_COMPLETE state"):
        stack.update({"Mine": association})
    with pytest.raises(ClientError, match="already exists"):
        stack.create({"Mine": association})
    stack.destroy()
    stack.import_resources(retained, {"Mine": identifier})


def test_a_refused_deletion_leaves_the_stack_in_delete_failed(
    cloud: LocalCloud, stack: Stack
) -> None:
    stack.create({"Collaboration": COLLABORATION, "Membership": MEMBERSHIP})
    ids = stack.physical_ids()
    with pytest.raises(StackFailedError, match="DELETE_FAILED") as caught:
        stack.destroy()
    assert "Cannot delete membership for the creator of the collaboration" in str(caught.value)
    # CloudFormation continues with independent resources. The collaboration ends the membership.
    stack.destroy()
    left = [one["id"] for one in cloud.resources() if one.get("id") in ids.values()]
    assert left == []


def test_a_retained_membership_of_the_creator_ends_with_the_collaboration(
    cloud: LocalCloud, stack: Stack
) -> None:
    retained = MEMBERSHIP | {"DeletionPolicy": "Retain"}
    stack.create({"Collaboration": COLLABORATION, "Membership": retained})
    membership = stack.physical_ids()["Membership"]
    stack.destroy()
    ended = cloud.client("cleanrooms").get_membership(membershipIdentifier=membership)
    assert ended["membership"]["status"] == "COLLABORATION_DELETED"


@pytest.mark.parametrize(
    "dangling",
    [
        {"Properties": {"Description": {"Ref": "Parameter"}}},
        {"Properties": {"Description": {"Fn::GetAtt": ["Other", "Arn"]}}},
        {"Properties": {"Description": {"Fn::Sub": "${Other.Arn} in ${AWS::Region}"}}},
        {"DependsOn": ["Other"]},
    ],
)
def test_an_import_with_an_undeclared_reference_is_refused(
    stack: Stack,
    association: Resources,
    by_hand: Callable[[str], Resources],
    dangling: Resources,
) -> None:
    mine = association | {"DeletionPolicy": "Retain"} | dangling
    mine["Properties"] = association["Properties"] | dangling.get("Properties", {})
    missing = "Parameter" if "Parameter" in json.dumps(dangling) else "Other"
    with pytest.raises(
        ClientError,
        match=rf"Unresolved resource dependencies \[{missing}\] in the Resources block",
    ):
        stack.import_set({"Mine": mine}, {"Mine": by_hand("customers")})


def test_an_output_with_an_undeclared_reference_is_refused(
    stack: Stack, association: Resources
) -> None:
    with pytest.raises(ClientError, match=r"\[Other\] in the Outputs block of the template"):
        stack.create({"Mine": association}, {"It": {"Value": {"Ref": "Other"}}})


def test_the_tags_of_a_stack_remain_on_released_resources(
    stack: Stack, association: Resources, held: Held
) -> None:
    stack.create({"Mine": association | {"DeletionPolicy": "Retain"}})
    stack.destroy()
    [left] = held()
    assert left["tags"]["aws:cloudformation:stack-name"] == stack.name


@pytest.mark.parametrize(
    ("resource", "change"),
    [
        (
            {
                "Type": "AWS::EntityResolution::IdNamespace",
                "Properties": {"IdNamespaceName": "a-namespace-that-changes", "Type": "SOURCE"},
            },
            {"Type": "TARGET"},
        ),
        (COLLABORATION, {"IsMetricsEnabled": True}),
    ],
)
def test_a_change_in_place_that_the_api_does_not_support_fails(
    stack: Stack, resource: Resources, change: Resources
) -> None:
    stack.create({"Mine": resource})
    [name] = change
    with pytest.raises(StackFailedError, match=f"{name} cannot be changed"):
        stack.update({"Mine": resource | {"Properties": resource["Properties"] | change}})
    stack.destroy()


def test_a_type_can_be_deleted_before_its_replacement_is_created(
    stack: Stack, membership: str
) -> None:
    template: Resources = {
        "Type": "AWS::CleanRooms::AnalysisTemplate",
        "Properties": {
            "MembershipIdentifier": membership,
            "Name": "overlap",
            "Format": "SQL",
            "Source": {"Text": "SELECT 1"},
        },
    }
    stack.create({"Mine": template})
    first = stack.physical_ids()["Mine"]
    template["Properties"]["Source"] = {"Text": "SELECT 2"}
    stack.update({"Mine": template})
    assert stack.physical_ids()["Mine"] != first
    stack.destroy()


def test_a_role_must_exist_before_the_resource_that_uses_it(stack: Stack, membership: str) -> None:
    workflow = {
        "Type": "AWS::EntityResolution::MatchingWorkflow",
        "Properties": {
            "WorkflowName": f"workflow-{membership}",
            "InputSourceConfig": [
                {
                    "InputSourceARN": "arn:aws:glue:us-east-1:111122223333:table/a/b",
                    "SchemaArn": "arn:aws:entityresolution:us-east-1:111122223333:schemamapping/a",
                }
            ],
            "OutputSourceConfig": [
                {"OutputS3Path": "s3://results/", "Output": [{"Name": "email"}]}
            ],
            "ResolutionTechniques": {"ResolutionType": "ML_MATCHING"},
            "RoleArn": {"Fn::Sub": f"arn:aws:iam::${{AWS::AccountId}}:role/role-{membership}"},
        },
    }
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "entityresolution.amazonaws.com"},
    }
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": f"role-{membership}",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        },
    }
    with pytest.raises(StackFailedError, match="does not exist or cannot be assumed"):
        stack.create({"Workflow": workflow})
    stack.destroy()
    stack.create(
        {"Role": role, "Workflow": workflow | {"DependsOn": "Role"}},
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    stack.destroy()


def test_a_partners_stack_in_another_account_joins_a_collaboration(
    cloud: LocalCloud, stack: Stack
) -> None:
    partner = "444455556666"
    member = {"AccountId": partner, "DisplayName": "Other Corp", "MemberAbilities": []}
    ours = COLLABORATION | {"Properties": COLLABORATION["Properties"] | {"Members": [member]}}
    stack.create({"Collaboration": ours})
    collaboration = stack.physical_ids()["Collaboration"]
    joins = MEMBERSHIP | {
        "Properties": MEMBERSHIP["Properties"] | {"CollaborationIdentifier": collaboration}
    }
    theirs = Stack(cloud.other_account(partner), stack.name)
    theirs.create({"Membership": joins})
    [membership] = [
        one
        for one in cloud.other_account(partner).resources("Membership")
        if one["collaborationId"] == collaboration
    ]
    assert (membership["account"], membership["id"]) == (
        partner,
        theirs.physical_ids()["Membership"],
    )
    stack.destroy()
    theirs.destroy()


def test_a_failed_change_of_rules_leaves_the_table_as_it_was(
    cloud: LocalCloud, stack: Stack
) -> None:
    def table(**more: object) -> Resources:
        properties = {
            "Name": "customers",
            "AllowedColumns": ["email", "id"],
            "AnalysisMethod": "DIRECT_QUERY",
            "TableReference": {"Glue": {"DatabaseName": "people", "TableName": "customers"}},
        }
        return {
            "Mine": {"Type": "AWS::CleanRooms::ConfiguredTable", "Properties": properties | more}
        }

    policy = {"V1": {"List": {"JoinColumns": ["email"], "ListColumns": ["id"]}}}
    wrong = [{"Type": "CUSTOM", "Policy": policy}]
    before = cloud.resources("ConfiguredTable")
    with pytest.raises(StackFailedError, match="type CUSTOM cannot be 'list'"):
        stack.create(table(AnalysisRules=wrong))
    assert cloud.resources("ConfiguredTable") == before
    stack.destroy()
    stack.create(table())
    before = cloud.resources("ConfiguredTable")
    with pytest.raises(StackFailedError, match="type CUSTOM cannot be 'list'"):
        stack.update(
            table(AnalysisRules=wrong, Tags=[{"Key": "Team", "Value": "Data"}], Name="people")
        )
    assert cloud.resources("ConfiguredTable") == before
    stack.destroy()


def test_the_detection_of_drift_finds_what_was_changed_or_deleted_by_hand(
    cloud: LocalCloud, stack: Stack, association: Resources, membership: str, held: Held
) -> None:
    association["Properties"]["Description"] = "Ours"
    stack.create({"Mine": association})
    client, key = cloud.client("cleanrooms"), "idNamespaceAssociationIdentifier"
    [made] = held()
    place = {"membershipIdentifier": membership, key: made["id"]}
    client.update_id_namespace_association(**place, description="Theirs")
    drift = stack.drift("Mine")
    assert drift["StackResourceDriftStatus"] == "MODIFIED"
    [difference] = drift["PropertyDifferences"]
    assert difference["PropertyPath"] == "/Description"
    assert (difference["ExpectedValue"], difference["ActualValue"]) == ("Ours", "Theirs")
    client.delete_id_namespace_association(**place)
    assert stack.drift("Mine")["StackResourceDriftStatus"] == "DELETED"
    stack.destroy()


def replacement_by_reverting_drift(stack: Stack, resource: Resources) -> str:
    """Return whether a change set that reverts the drift of a resource replaces it."""
    stack.client.create_change_set(
        StackName=stack.name,
        ChangeSetName="revert",
        DeploymentMode="REVERT_DRIFT",
        TemplateBody=json.dumps({"Resources": {"Mine": resource}}),
    )
    described = stack.client.describe_change_set(StackName=stack.name, ChangeSetName="revert")
    [change] = described["Changes"]
    replacement: str = change["ResourceChange"]["Replacement"]
    return replacement


def test_reverting_drift_finds_differences_that_need_a_replacement(
    stack: Stack, association: Resources, by_hand: Callable[[str], Resources]
) -> None:
    mine = association | {"DeletionPolicy": "Retain"}
    mine["Properties"]["InputReferenceConfig"]["ManageResourcePolicies"] = False
    stack.import_resources({"Mine": mine}, {"Mine": by_hand("customers")})
    assert replacement_by_reverting_drift(stack, mine) == "True"


def test_reverting_drift_does_not_replace_a_collaboration_for_a_payment_that_nobody_declares(
    cloud: LocalCloud,
) -> None:
    member = {"accountId": "123412341234", "displayName": "Partner", "memberAbilities": []}
    created = cloud.client("cleanrooms").create_collaboration(
        name="match",
        description="Which customers subscribe",
        creatorDisplayName="Example Corp",
        creatorMemberAbilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
        queryLogStatus="DISABLED",
        members=[member | {"paymentConfiguration": {"queryCompute": {"isResponsible": False}}}],
    )["collaboration"]
    declared = {"AccountId": "123412341234", "DisplayName": "Partner", "MemberAbilities": []}
    mine = COLLABORATION | {
        "DeletionPolicy": "Retain",
        "Properties": COLLABORATION["Properties"] | {"Members": [declared]},
    }
    stack = Stack(cloud, "payments")
    stack.import_resources({"Mine": mine}, {"Mine": {"CollaborationIdentifier": created["id"]}})
    assert replacement_by_reverting_drift(stack, mine) == "False"


def test_reverting_drift_creates_what_was_deleted_by_hand_again(
    cloud: LocalCloud, stack: Stack, association: Resources, membership: str, held: Held
) -> None:
    stack.create({"Mine": association})
    [deleted] = held()
    cloud.client("cleanrooms").delete_id_namespace_association(
        idNamespaceAssociationIdentifier=deleted["id"], membershipIdentifier=membership
    )
    stack.client.create_change_set(
        StackName=stack.name,
        ChangeSetName="revert",
        DeploymentMode="REVERT_DRIFT",
        TemplateBody=json.dumps({"Resources": {"Mine": association}}),
    )
    stack.client.execute_change_set(StackName=stack.name, ChangeSetName="revert")
    stack.wait("update")
    [created] = held()
    assert created["id"] != deleted["id"]
    assert stack.physical_ids() == {"Mine": f"{created['id']}|{membership}"}
    stack.destroy()


@pytest.mark.parametrize("mode", [{}, {"DeploymentMode": "REVERT_DRIFT"}])
def test_a_change_set_with_nothing_but_a_new_export_is_executed(
    stack: Stack, association: Resources, mode: dict[str, str]
) -> None:
    stack.create({"Mine": association})
    export = f"{stack.name}:Identifier"
    output = {"Value": {"Ref": "Mine"}, "Export": {"Name": export}}

    def created(name: str) -> str:
        stack.client.create_change_set(
            StackName=stack.name,
            ChangeSetName=name,
            TemplateBody=json.dumps(
                {"Resources": {"Mine": association}, "Outputs": {"Identifier": output}}
            ),
            **mode,
        )
        described = stack.client.describe_change_set(StackName=stack.name, ChangeSetName=name)
        assert described["Changes"] == []
        status: str = described["Status"]
        return status

    assert created("first") == "CREATE_COMPLETE"
    stack.client.execute_change_set(StackName=stack.name, ChangeSetName="first")
    stack.wait("update")
    assert export in {one["Name"] for one in stack.client.list_exports()["Exports"]}
    assert created("second") == "FAILED"
    stack.destroy()


@pytest.mark.parametrize(
    ("value", "change"), [(None, "deleted"), ("changed", "updated")], ids=["removed", "changed"]
)
def test_an_export_that_another_stack_imports_stays_as_it_is(
    cloud: LocalCloud, stack: Stack, association: Resources, value: str | None, change: str
) -> None:
    name = f"{stack.name}:Name"
    output = {"Value": "customers", "Export": {"Name": name}}
    stack.create({"Mine": association}, {"Name": output, "Unused": {"Value": "unused"}})
    importing = Stack(cloud, f"{stack.name}Importing")
    handle = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
    importing.create({"Rest": handle}, {"Copy": {"Value": {"Fn::ImportValue": name}}})

    changed = {"Name": output | {"Value": value}} if value else {"Other": {"Value": "other"}}
    message = f"Export {name} cannot be {change} as it is in use by {importing.name}"
    with pytest.raises(StackFailedError, match=message):
        stack.update({"Mine": association}, changed)
    assert stack.status() == "UPDATE_ROLLBACK_COMPLETE"

    importing.destroy()
    stack.update({"Mine": association}, changed)
    stack.destroy()


def test_a_template_reads_the_output_of_a_stack_in_another_account(
    cloud: LocalCloud, stack: Stack
) -> None:
    partner = cloud.other_account()
    theirs = Stack(partner, f"{stack.name}Theirs")
    handle = {"Rest": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
    theirs.create(handle, {"Name": {"Value": "customers"}, "Other": {"Value": "other"}})
    parts = ["arn:", {"Ref": "AWS::Partition"}, f":iam::{partner.account}:role/Reader"]
    source = {"StackName": theirs.name, "RoleArn": {"Fn::Join": ["", parts]}}

    def copy(key: str, **more: str) -> Resources:
        return {"Copy": {"Value": {"Fn::GetStackOutput": source | {"OutputName": key, **more}}}}

    stack.create(handle, copy("Name", Region=cloud.region))
    assert stack.outputs() == {"Copy": "customers"}
    stack.update(handle, copy("Other"))
    assert stack.outputs() == {"Copy": "other"}
    with pytest.raises(StackFailedError, match=f"'Missing' not found in stack '{theirs.name}'"):
        stack.update(handle, copy("Missing"))
    with pytest.raises(StackFailedError, match=f"'Name' not found in stack '{theirs.name}'"):
        stack.update(handle, copy("Name", Region="eu-west-1"))
    stack.destroy()
