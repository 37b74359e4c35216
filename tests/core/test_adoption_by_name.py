"""Tests of adoption by name: the file that synthesis writes for the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnParameter, NestedStack, RemovalPolicy, Stack
from aws_cdk.aws_cleanrooms import CfnMembership

from tests.helpers import Associate, l1_of, problems_of, resource_of
from tests.samples import ASSOCIATION_ID, COLLABORATION_ID, MEMBERSHIP_ID

TYPE = "AWS::CleanRooms::IdNamespaceAssociation"


def files_of(app: App) -> dict[str, Any]:
    """Return the contents of the files for adoption, by their names."""
    folder = Path(app.synth().directory)
    return {
        path.name: json.loads(path.read_text("utf-8"))
        for pattern in ("*.import.json", "*.adopt.json")
        for path in folder.glob(pattern)
    }


def test_an_adoption_by_name_is_only_in_the_file_for_the_command(
    app: App, stack: Stack, associate: Associate
) -> None:
    logical_id = stack.resolve(l1_of(associate(adopt=True)).logical_id)
    assert files_of(app) == {
        "Stack.adopt.json": {
            "Version": 1,
            "Adoptions": {
                logical_id: {
                    "ConstructPath": "Stack/Association",
                    "ResourceType": TYPE,
                    "ResourceIdentifier": None,
                }
            },
        }
    }


def test_an_adoption_by_id_is_in_both_files(app: App, stack: Stack, associate: Associate) -> None:
    logical_id = stack.resolve(l1_of(associate(adopt=ASSOCIATION_ID)).logical_id)
    identifier = {
        "IdNamespaceAssociationIdentifier": ASSOCIATION_ID,
        "MembershipIdentifier": MEMBERSHIP_ID,
    }
    assert files_of(app) == {
        "Stack.import.json": {logical_id: identifier},
        "Stack.adopt.json": {
            "Version": 1,
            "Adoptions": {
                logical_id: {
                    "ConstructPath": "Stack/Association",
                    "ResourceType": TYPE,
                    "ResourceIdentifier": identifier,
                }
            },
        },
    }


def test_the_template_retains_the_resource_unless_its_creation_fails(
    associate: Associate,
) -> None:
    resource = resource_of(associate(adopt=True))
    assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
    assert resource["UpdateReplacePolicy"] == "Retain"


def test_a_removal_policy_takes_precedence(associate: Associate) -> None:
    resource = resource_of(associate(adopt=True, removal_policy=RemovalPolicy.DESTROY))
    assert resource["DeletionPolicy"] == "Delete"


def test_false_adopts_nothing(app: App, associate: Associate) -> None:
    assert "DeletionPolicy" not in resource_of(associate(adopt=False))
    assert files_of(app) == {}


def test_a_membership_of_the_same_app_can_be_resolved_later(
    app: App, stack: Stack, associate: Associate
) -> None:
    membership = CfnMembership(
        stack, "Membership", collaboration_identifier=COLLABORATION_ID, query_log_status="DISABLED"
    )
    associate(membership=membership, adopt=True)
    assert [*files_of(app)] == ["Stack.adopt.json"]


@pytest.mark.parametrize("argument", ["membership", "name"])
def test_a_parameter_cannot_be_resolved_later(
    argument: str, stack: Stack, associate: Associate
) -> None:
    token = CfnParameter(stack, "Parameter").value_as_string
    arguments: dict[str, object] = {"adopt": True, argument: token}
    [problem] = problems_of(lambda: associate(**arguments))
    assert problem.property == argument
    assert "is only known at deployment" in problem.message


def test_a_nested_stack_cannot_adopt_by_name(stack: Stack, associate: Associate) -> None:
    [problem] = problems_of(lambda: associate(scope=NestedStack(stack, "Nested"), adopt=True))
    assert "CloudFormation cannot import resources into a nested stack" in problem.message
