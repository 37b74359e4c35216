"""Tests of one association in one stack: deployed, changed, replaced, refused, destroyed."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from aws_cdk import CfnOutput, RemovalPolicy

from cdk_cleanrooms import IdNamespaceAssociation
from tests.helpers import l1_of
from tests.stacks import StackFailedError

from .cdk_app import CdkApp

ID_NAMESPACE = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers"


def declare(app: CdkApp, **arguments: Any) -> IdNamespaceAssociation:
    """Declare an association with only required arguments and the given ones, in a new stack."""
    stack = app.new_stack()
    least = {"membership": app.membership, "id_namespace": ID_NAMESPACE, "name": "customers"}
    association = IdNamespaceAssociation(stack, "Customers", **least | arguments)
    CfnOutput(stack, "Arn", value=association.id_namespace_association_arn)
    CfnOutput(stack, "Identifier", value=association.id_namespace_association_identifier)
    return association


def deployed(app: CdkApp, **arguments: Any) -> dict[str, Any]:
    """Deploy an app with one association, and return the association in the membership."""
    app.deploy(declare(app, **arguments).stack)
    [association] = app.associations()
    return association


def test_the_cdk_cli_deploys_exactly_the_given_values_and_the_outputs_name_the_association(
    app: CdkApp,
) -> None:
    stack = declare(
        app,
        name="Kundenstämme",
        description="Ours,\nall of them",
        manage_resource_policies=False,
        allow_use_as_dimension_column=True,
        tags={"Team": "Data", "Stage": "Test"},
    ).stack
    result = app.cdk("deploy", "--require-approval", "never", "--outputs-file", "outputs.json")
    assert result.status == 0, result.output
    outputs = json.loads((app.folder / "outputs.json").read_text("utf-8"))[app.stack_name]
    [created] = app.associations()
    assert outputs == {"Arn": created["arn"], "Identifier": created["id"]}
    assert created["name"] == "Kundenstämme"
    assert created["description"] == "Ours,\nall of them"
    assert created["inputReferenceConfig"] == {
        "inputReferenceArn": ID_NAMESPACE,
        "manageResourcePolicies": False,
    }
    assert created["idMappingConfig"] == {"allowUseAsDimensionColumn": True}
    assert created["tags"] == {"Team": "Data", "Stage": "Test"}

    app.deploy(stack)
    assert app.associations() == [created]


def test_omitted_arguments_are_not_set_and_a_second_deployment_changes_nothing(app: CdkApp) -> None:
    created = deployed(app)
    assert "description" not in created
    assert "idMappingConfig" not in created
    assert created["tags"] == {}
    assert deployed(app) == created


def test_name_description_mapping_and_tags_change_in_place(app: CdkApp) -> None:
    created = deployed(app, description="Ours", tags={"Team": "Data", "Stage": "Test"})
    changed = deployed(
        app,
        name="visitors",
        description="Theirs",
        allow_use_as_dimension_column=True,
        tags={"Team": "Science", "Cost": "1"},
    )
    assert changed == {
        **created,
        "name": "visitors",
        "description": "Theirs",
        "idMappingConfig": {"allowUseAsDimensionColumn": True},
        "tags": {"Team": "Science", "Cost": "1"},
        "updateTime": changed["updateTime"],
    }


def test_a_change_of_membership_replaces_the_association_as_the_cli_announces(app: CdkApp) -> None:
    created = deployed(app)
    other = str(uuid4())
    stack = declare(app, membership=other).stack
    diff = app.cdk("diff").output
    assert "[~] AWS::CleanRooms::IdNamespaceAssociation Customers" in diff
    assert "MembershipIdentifier (requires replacement)" in diff
    outputs = app.deploy(stack)
    [replacement] = app.associations(other)
    assert outputs["Identifier"] == replacement["id"] != created["id"]
    assert app.associations() == []


def test_a_replacement_in_the_same_membership_needs_a_new_name(app: CdkApp) -> None:
    created = deployed(app)
    with pytest.raises(StackFailedError, match="'customers' already exists in membership") as error:
        deployed(app, id_namespace=ID_NAMESPACE + "-2")
    assert "HandlerErrorCode: AlreadyExists" in str(error.value)
    assert app.stack_status() == "UPDATE_ROLLBACK_COMPLETE"
    assert app.associations() == [created]

    replacement = deployed(app, name="customers-2", id_namespace=ID_NAMESPACE + "-2")
    assert replacement["id"] != created["id"]


def test_a_retained_association_outlives_its_stack(app: CdkApp) -> None:
    association = declare(app)
    association.apply_removal_policy(RemovalPolicy.RETAIN)
    app.deploy(association.stack)
    created = app.associations()
    app.destroy()
    assert len(created) == 1
    assert app.associations() == created


def test_an_association_broken_by_an_override_leaves_nothing_behind(app: CdkApp) -> None:
    association = declare(app)
    l1_of(association).add_property_override(
        "InputReferenceConfig.InputReferenceArn", "arn:aws:input-reference"
    )
    with pytest.raises(StackFailedError, match="#/InputReferenceConfig/InputReferenceArn: string"):
        app.deploy(association.stack)
    assert app.stack_status() == "ROLLBACK_COMPLETE"
    assert app.associations() == []


def test_a_taken_name_is_refused_and_the_existing_association_does_not_change(app: CdkApp) -> None:
    app.cloud.client("cleanrooms").create_id_namespace_association(
        membershipIdentifier=app.membership,
        name="customers",
        inputReferenceConfig={"inputReferenceArn": ID_NAMESPACE, "manageResourcePolicies": True},
        tags={"Made": "by hand"},
    )
    before = app.associations()
    with pytest.raises(StackFailedError, match="'customers' already exists in membership"):
        deployed(app)
    assert app.stack_status() == "ROLLBACK_COMPLETE"
    assert app.associations() == before
