"""Tests of one association in one stack: deployed, changed, replaced, refused, destroyed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from .cdk_app import SYNTHESIZED, CdkApp, unwrapped

ID_NAMESPACE = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers"

SOURCE = """\
from aws_cdk import App, CfnOutput, RemovalPolicy, Stack
from cdk_cleanrooms import IdNamespaceAssociation

app = App()
stack = Stack(app, {stack!r})
association = IdNamespaceAssociation(stack, "Customers", **{arguments!r})
CfnOutput(stack, "Arn", value=association.id_namespace_association_arn)
CfnOutput(stack, "Identifier", value=association.id_namespace_association_identifier)
{more}
app.synth()
"""


def declare(app: CdkApp, **arguments: object) -> None:
    """Write an app with one association that has only required arguments and the given arguments.

    `more` contains the lines of the app after the association.
    """
    more = arguments.pop("more", "")
    least = {"membership": app.membership, "id_namespace": ID_NAMESPACE, "name": "customers"}
    source = SOURCE.format(stack=app.stack_name, arguments=least | arguments, more=more)
    app.write(source)


def deployed(app: CdkApp, **arguments: object) -> dict[str, Any]:
    """Deploy an app with one association, and return the associations in the membership."""
    declare(app, **arguments)
    result = app.deploy("--method", "direct")
    assert result.status == 0, result.output
    [association] = app.associations()
    return association


def test_the_association_has_exactly_the_given_values_and_the_outputs_name_it(app: CdkApp) -> None:
    declare(
        app,
        name="Kundenstämme",
        description="Ours,\nall of them",
        manage_resource_policies=False,
        allow_use_as_dimension_column=True,
        tags={"Team": "Data", "Stage": "Test"},
    )
    outputs = app.deployed_outputs()[app.stack_name]
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


def test_omitted_arguments_are_not_set_and_a_second_deployment_changes_nothing(app: CdkApp) -> None:
    created = deployed(app)
    assert "description" not in created
    assert "idMappingConfig" not in created
    assert created["tags"] == {}
    assert "There were no differences" in app.cdk("diff").output
    result = app.deploy(*SYNTHESIZED)
    assert result.status == 0
    assert "(no changes)" in result.output
    assert app.associations() == [created]


def test_name_description_mapping_and_tags_change_in_place(app: CdkApp) -> None:
    created = deployed(app, description="Ours", tags={"Team": "Data", "Stage": "Test"})
    declare(
        app,
        name="visitors",
        description="Theirs",
        allow_use_as_dimension_column=True,
        tags={"Team": "Science", "Cost": "1"},
    )
    diff = app.cdk("diff").output
    assert "[~] AWS::CleanRooms::IdNamespaceAssociation Customers" in diff
    assert "requires replacement" not in diff
    result = app.deploy(*SYNTHESIZED)
    assert result.status == 0, result.output
    [changed] = app.associations()
    assert changed == {
        **created,
        "name": "visitors",
        "description": "Theirs",
        "idMappingConfig": {"allowUseAsDimensionColumn": True},
        "tags": {"Team": "Science", "Cost": "1"},
        "updateTime": changed["updateTime"],
    }


def test_a_change_of_membership_replaces_the_association(app: CdkApp) -> None:
    created = deployed(app)
    other = str(uuid4())
    declare(app, membership=other)
    diff = app.cdk("diff").output
    assert "MembershipIdentifier (requires replacement)" in diff
    outputs = app.deployed_outputs(*SYNTHESIZED)[app.stack_name]
    [replacement] = app.associations(other)
    assert outputs["Identifier"] == replacement["id"] != created["id"]
    assert app.associations() == []


def test_a_replacement_in_the_same_membership_needs_a_new_name(app: CdkApp) -> None:
    created = deployed(app)
    declare(app, id_namespace=ID_NAMESPACE + "-2")
    assert "InputReferenceConfig (requires replacement)" in app.cdk("diff").output
    result = app.deploy(*SYNTHESIZED)
    assert result.status != 0
    assert "'customers' already exists in membership" in unwrapped(result.output)
    assert "HandlerErrorCode: AlreadyExists" in unwrapped(result.output)
    assert app.stack_status() == "UPDATE_ROLLBACK_COMPLETE"
    assert app.associations() == [created]

    replacement = deployed(app, name="customers-2", id_namespace=ID_NAMESPACE + "-2")
    assert replacement["id"] != created["id"]


def test_a_retained_association_outlives_its_stack(app: CdkApp) -> None:
    declare(app, more="association.apply_removal_policy(RemovalPolicy.RETAIN)")
    assert app.deploy("--method", "direct").status == 0
    created = app.associations()
    result = app.destroy(*SYNTHESIZED)
    assert result.status == 0, result.output
    assert len(created) == 1
    assert app.associations() == created


def test_an_association_broken_by_an_override_leaves_nothing_behind(app: CdkApp) -> None:
    declare(
        app,
        more="association.node.default_child.add_property_override("
        "'InputReferenceConfig.InputReferenceArn', 'arn:aws:input-reference')",
    )
    result = app.deploy()
    assert result.status != 0
    assert "#/InputReferenceConfig/InputReferenceArn: string" in unwrapped(result.output)
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
    declare(app)
    result = app.deploy()
    assert result.status != 0
    assert "'customers' already exists in membership" in unwrapped(result.output)
    assert app.stack_status() == "ROLLBACK_COMPLETE"
    assert app.associations() == before


def test_a_mistake_in_the_code_is_reported_before_any_request_to_aws(app: CdkApp) -> None:
    requests = app.cloud.requests()
    declare(app, membership="membership-12345")
    result = app.deploy()
    assert result.status != 0
    assert "ValidationError" in result.output
    assert "membership-12345" in result.output
    assert app.cloud.requests() == requests
