"""Tests of the attributes of a created association."""

from __future__ import annotations

import pytest
from aws_cdk import Stack
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation, CfnMembership
from aws_cdk.interfaces.aws_cleanrooms import IIdNamespaceAssociationRef

from cdk_cleanrooms import IdNamespaceAssociation, IIdNamespaceAssociation
from tests.helpers import Associate, l1_of
from tests.samples import ASSOCIATION_ARN, ASSOCIATION_ID, COLLABORATION_ID, MEMBERSHIP_ID


@pytest.mark.parametrize(
    ("attribute", "name_in_cloudformation"),
    [
        ("id_namespace_association_arn", "Arn"),
        ("id_namespace_association_identifier", "IdNamespaceAssociationIdentifier"),
        ("membership_arn", "MembershipArn"),
        ("collaboration_arn", "CollaborationArn"),
        ("collaboration_identifier", "CollaborationIdentifier"),
    ],
)
def test_an_attribute_comes_from_getatt(
    attribute: str, name_in_cloudformation: str, stack: Stack, associate: Associate
) -> None:
    association = associate()
    assert stack.resolve(getattr(association, attribute)) == {
        "Fn::GetAtt": [stack.resolve(l1_of(association).logical_id), name_in_cloudformation]
    }


def test_the_membership_identifier_is_the_given_one(associate: Associate) -> None:
    assert associate().membership_identifier == MEMBERSHIP_ID


def test_the_membership_identifier_of_a_construct_is_read_from_it(
    stack: Stack, associate: Associate
) -> None:
    membership = CfnMembership(
        stack, "Membership", collaboration_identifier=COLLABORATION_ID, query_log_status="DISABLED"
    )
    association = associate(membership=membership)
    assert stack.resolve(association.membership_identifier) == {
        "Fn::GetAtt": ["Membership", "MembershipIdentifier"]
    }


@pytest.fixture(params=["created", "imported by identifier", "imported by ARN"])
def any_association(
    request: pytest.FixtureRequest, stack: Stack, associate: Associate
) -> IIdNamespaceAssociation:
    if request.param == "created":
        return associate()
    if request.param == "imported by identifier":
        return IdNamespaceAssociation.from_existing(
            stack,
            "Association",
            membership=MEMBERSHIP_ID,
            id_namespace_association_identifier=ASSOCIATION_ID,
        )
    return IdNamespaceAssociation.from_id_namespace_association_arn(
        stack, "Association", ASSOCIATION_ARN
    )


def test_the_reference_contains_the_same_values_as_the_attributes(
    any_association: IIdNamespaceAssociation,
) -> None:
    reference = any_association.id_namespace_association_ref
    assert (
        reference.id_namespace_association_arn,
        reference.id_namespace_association_identifier,
        reference.membership_identifier,
    ) == (
        any_association.id_namespace_association_arn,
        any_association.id_namespace_association_identifier,
        any_association.membership_identifier,
    )


def test_the_cdk_accepts_an_association_as_a_reference(
    any_association: IIdNamespaceAssociationRef,
) -> None:
    # Here the CDK's process requests the reference from the Python object.
    arn = CfnIdNamespaceAssociation.arn_for_id_namespace_association(any_association)
    assert arn == any_association.id_namespace_association_ref.id_namespace_association_arn


def test_an_association_belongs_to_the_stack_that_declares_it(
    any_association: IIdNamespaceAssociation, stack: Stack
) -> None:
    assert any_association.stack is stack
