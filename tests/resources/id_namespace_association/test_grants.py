"""Tests of the policies that grants create."""

from __future__ import annotations

from typing import Any

import jsii
import pytest
from aws_cdk import App, CfnParameter, Environment, Resource, Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_iam import AccountRootPrincipal, Role
from aws_cdk.interfaces.aws_cleanrooms import (
    IdNamespaceAssociationReference,
    IIdNamespaceAssociationRef,
)

from cdk_cleanrooms import IdNamespaceAssociation, IdNamespaceAssociationGrants
from tests.helpers import Associate, l1_of
from tests.samples import (
    ACCOUNT,
    ASSOCIATION_ARN,
    ASSOCIATION_ID,
    MEMBERSHIP_ARN,
    MEMBERSHIP_ID,
    REGION,
)

GET = "cleanrooms:GetIdNamespaceAssociation"
UPDATE = "cleanrooms:UpdateIdNamespaceAssociation"
DELETE = "cleanrooms:DeleteIdNamespaceAssociation"
TAG = "cleanrooms:TagResource"
UNTAG = "cleanrooms:UntagResource"


@pytest.fixture
def role(stack: Stack) -> Role:
    return Role(stack, "Analyst", assumed_by=AccountRootPrincipal())


def statements_of(stack: Stack) -> list[dict[str, Any]]:
    """Return the statements of the only policy in a stack."""
    [policy] = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    statements: list[dict[str, Any]] = policy["Properties"]["PolicyDocument"]["Statement"]
    return statements


def allowed(actions: str | list[str], resource: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def arns_of(association: IdNamespaceAssociation) -> tuple[object, object]:
    """Return the ARNs of a created association and its membership in a template."""
    logical_id = association.stack.resolve(l1_of(association).logical_id)
    return {"Fn::GetAtt": [logical_id, "Arn"]}, {"Fn::GetAtt": [logical_id, "MembershipArn"]}


def test_a_role_of_the_account_that_was_imported_gets_a_policy(
    associate: Associate, stack: Stack
) -> None:
    association = associate()
    imported = Role.from_role_name(stack, "Imported", "analyst")
    assert association.grants.read(imported).success
    [policy] = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    assert policy["Properties"]["Roles"] == ["analyst"]


def test_an_immutable_role_gets_nothing(associate: Associate, stack: Stack) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/Analyst"
    immutable = Role.from_role_arn(stack, "Immutable", arn, mutable=False)
    associate().grants.read(immutable)
    assert Template.from_stack(stack).find_resources("AWS::IAM::Policy") == {}


def test_an_action_that_aws_checks_only_on_the_association_needs_no_membership(
    associate: Associate, role: Role, stack: Stack
) -> None:
    association = associate()
    association.grants.actions(role, TAG)
    assert statements_of(stack) == [allowed(TAG, arns_of(association)[0])]


def test_permissions_on_a_looked_up_association_can_be_granted(app: App) -> None:
    stack = Stack(app, "Here", env=Environment(account=ACCOUNT, region=REGION))
    association = IdNamespaceAssociation.from_lookup(
        stack,
        "Association",
        membership_identifier=MEMBERSHIP_ID,
        id_namespace_association_identifier=ASSOCIATION_ID,
    )
    grant = association.grants.read(Role(stack, "Analyst", assumed_by=AccountRootPrincipal()))
    assert [statement.actions for statement in grant.principal_statements] == [[GET], [GET]]


@jsii.implements(IIdNamespaceAssociationRef)
class Association(Resource):
    """An association as another library or a user could write it."""

    arn = ASSOCIATION_ARN

    @property
    def id_namespace_association_ref(self) -> IdNamespaceAssociationReference:
        return IdNamespaceAssociationReference(
            id_namespace_association_arn=self.arn,
            id_namespace_association_identifier=ASSOCIATION_ID,
            membership_identifier=MEMBERSHIP_ID,
        )


def test_grants_work_for_any_construct_that_refers_to_an_association(
    role: Role, stack: Stack
) -> None:
    association = Association(stack, "Association")
    IdNamespaceAssociationGrants.from_id_namespace_association(association).read(role)
    assert statements_of(stack) == [allowed(GET, ASSOCIATION_ARN), allowed(GET, MEMBERSHIP_ARN)]


def test_the_membership_is_read_from_an_arn_that_is_known_at_deployment(
    role: Role, stack: Stack
) -> None:
    association = Association(stack, "Association")
    association.arn = CfnParameter(stack, "Arn").value_as_string
    IdNamespaceAssociationGrants.from_id_namespace_association(association).read(role)
    arn = {"Ref": "Arn"}
    membership_arn = {"Fn::Select": [0, {"Fn::Split": ["/idnamespaceassociation/", arn]}]}
    assert statements_of(stack) == [allowed(GET, arn), allowed(GET, membership_arn)]
