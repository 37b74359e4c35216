"""Tests of adoption of an association that somebody created by hand."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from aws_cdk import RemovalPolicy

from cdk_cleanrooms import IdNamespaceAssociation
from cdk_cleanrooms._cli import command
from tests.stacks import StackFailedError, template_of

from .cdk_app import CdkApp

ID_NAMESPACE = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers"


def made_by_hand(app: CdkApp, name: str = "customers", **more: Any) -> dict[str, Any]:
    """Create an association without a stack, as a person would."""
    created = app.cloud.client("cleanrooms").create_id_namespace_association(
        membershipIdentifier=app.membership,
        name=name,
        inputReferenceConfig={"inputReferenceArn": ID_NAMESPACE, "manageResourcePolicies": True},
        **more,
    )["idNamespaceAssociation"]
    [association] = [one for one in app.associations() if one["id"] == created["id"]]
    return association


def declare(app: CdkApp, **arguments: Any) -> IdNamespaceAssociation:
    """Declare an association with these arguments, in a new stack."""
    least = {"membership": app.membership, "id_namespace": ID_NAMESPACE, "name": "customers"}
    return IdNamespaceAssociation(app.new_stack(), "Customers", **least | arguments)


def test_a_deployment_corrects_differences_on_request(app: CdkApp) -> None:
    existing = made_by_hand(app, description="By hand", tags={"Made": "by hand"})
    arguments = {"description": "Ours", "tags": {"Team": "Data"}}
    stack = declare(app, adopt=existing["id"], **arguments).stack
    app.import_(stack)
    app.deployed().revert_drift(template_of(stack))
    [changed] = app.associations()
    assert changed["id"] == existing["id"]
    assert (changed["description"], changed["tags"]) == ("Ours", {"Team": "Data"})


def test_an_adopted_association_can_be_destroyed_with_its_stack(app: CdkApp) -> None:
    existing = made_by_hand(app)
    association = declare(app, adopt=existing["id"])
    association.apply_removal_policy(RemovalPolicy.DESTROY)
    app.import_(association.stack)
    assert app.associations() == [existing]
    app.destroy()
    assert app.associations() == []


def test_an_association_of_another_membership_is_not_adopted_and_cloudformation_says_why(
    app: CdkApp,
) -> None:
    existing = made_by_hand(app)
    association = declare(app, adopt=existing["id"], membership=str(uuid4()))
    with pytest.raises(StackFailedError, match="does not exist"):
        app.import_(association.stack)
    assert app.associations() == [existing]


@pytest.mark.usefixtures("in_the_cloud")
def test_the_output_of_discover_is_adopted(app: CdkApp, capsys: pytest.CaptureFixture[str]) -> None:
    existing = [
        made_by_hand(app, name, description="By hand", tags={"Made": "by hand"})
        for name in ("customers", 'visitors "2"', "顧客")
    ]
    assert command.main(["discover", "--membership", app.membership, "--format", "python"]) == 0
    stack = app.new_stack()
    code = capsys.readouterr().out
    exec(code, {"self": stack, "IdNamespaceAssociation": IdNamespaceAssociation})
    app.import_(stack)
    app.deploy(stack)
    assert app.associations() == existing
