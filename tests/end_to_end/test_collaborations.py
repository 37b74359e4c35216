"""Tests that stacks with collaborations can be repaired, and that nothing is lost for good."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk.aws_cleanrooms import CfnIdMappingTable

from cdk_cleanrooms import Collaboration, Member, Membership, Results
from tests.stacks import StackFailedError

from .cdk_app import CdkApp

PARTNER = "444455556666"


def creators_side(app: CdkApp, **more: Any) -> tuple[Stack, Membership]:
    """Declare a collaboration and a membership in a new stack."""
    stack = app.new_stack()
    collaboration = Collaboration(
        stack,
        "Collaboration",
        name=app.stack_name,
        description="Which customers we share",
        creator=Member(display_name="Us", abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"]),
        **more,
    )
    membership = Membership(
        stack, "Membership", collaboration=collaboration, results=Results(bucket="results")
    )
    CfnOutput(stack, "Identifier", value=collaboration.collaboration_identifier)
    return stack, membership


def add_failure(stack: Stack, membership: Membership) -> None:
    """Declare a resource that cannot be created in the membership."""
    workflow = "arn:aws:entityresolution:us-east-1:111122223333:idmappingworkflow/missing"
    CfnIdMappingTable(
        stack,
        "Failure",
        membership_identifier=membership.membership_identifier,
        name="fails",
        input_reference_config={"inputReferenceArn": workflow, "manageResourcePolicies": True},
    )


def collaborations(app: CdkApp) -> list[str]:
    """Return the IDs of the collaborations that an app has created."""
    pages = app.cloud.client("cleanrooms").get_paginator("list_collaborations").paginate()
    found = [one for page in pages for one in page["collaborationList"]]
    return [one["id"] for one in found if one["name"] == app.stack_name]


def memberships(app: CdkApp, collaboration: str) -> list[str]:
    """Return the status of each membership of this account in a collaboration."""
    client = app.cloud.client("cleanrooms")
    pages = client.get_paginator("list_memberships").paginate()
    return [
        one["status"]
        for page in pages
        for one in page["membershipSummaries"]
        if one["collaborationId"] == collaboration
    ]


def hosted_elsewhere(app: CdkApp) -> str:
    """Create a collaboration in another account that invites this account."""
    client = app.cloud.client("cleanrooms", account=PARTNER)
    created = client.create_collaboration(
        name=app.stack_name,
        description="Which customers we share",
        creatorDisplayName="They",
        creatorMemberAbilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
        members=[{"accountId": app.cloud.account, "displayName": "Us", "memberAbilities": []}],
        queryLogStatus="DISABLED",
    )
    identifier: str = created["collaboration"]["id"]
    return identifier


def test_a_first_deployment_that_fails_rolls_back_and_can_be_repeated(app: CdkApp) -> None:
    stack, membership = creators_side(app)
    add_failure(stack, membership)
    for _ in range(2):
        with pytest.raises(StackFailedError):
            app.deploy(stack)
        assert app.stack_status() == "ROLLBACK_COMPLETE"
        # The second collaboration is not left behind either.
        assert collaborations(app) == []
        app.destroy()

    outputs = app.deploy(creators_side(app)[0])
    assert collaborations(app) == [outputs["Identifier"]]
    assert memberships(app, outputs["Identifier"]) == ["ACTIVE"]


def test_destroying_the_creators_stack_retains_everything(app: CdkApp) -> None:
    outputs = app.deploy(creators_side(app)[0])
    app.destroy()
    assert collaborations(app) == [outputs["Identifier"]]
    assert memberships(app, outputs["Identifier"]) == ["ACTIVE"]
    # The membership still uses the role for its results.
    roles = app.cloud.client("iam").list_roles()["Roles"]
    assert any(role["RoleName"].startswith(app.stack_name) for role in roles)


def test_a_collaboration_can_be_destroyed_on_purpose(app: CdkApp) -> None:
    outputs = app.deploy(creators_side(app, removal_policy=RemovalPolicy.DESTROY)[0])
    app.destroy()
    assert collaborations(app) == []
    assert memberships(app, outputs["Identifier"]) == ["COLLABORATION_DELETED"]


def test_a_partner_whose_first_deployment_fails_is_still_a_member(app: CdkApp) -> None:
    collaboration = hosted_elsewhere(app)
    stack = app.new_stack()
    membership = Membership(stack, "Membership", collaboration=collaboration)
    add_failure(stack, membership)
    with pytest.raises(StackFailedError):
        app.deploy(stack)
    assert app.stack_status() == "ROLLBACK_COMPLETE"
    assert memberships(app, collaboration) == ["ACTIVE"]
