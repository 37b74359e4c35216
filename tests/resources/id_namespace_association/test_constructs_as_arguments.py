"""Tests of constructs as arguments: every membership or ID namespace of the CDK is accepted."""

from __future__ import annotations

import jsii
from aws_cdk import Resource, Stack
from aws_cdk.aws_entityresolution import CfnIdNamespace
from aws_cdk.interfaces.aws_cleanrooms import IMembershipRef, MembershipReference
from aws_cdk.interfaces.aws_entityresolution import IdNamespaceReference, IIdNamespaceRef

from cdk_cleanrooms import IdNamespaceAssociation
from tests.helpers import Associate, problems_of, resource_of
from tests.samples import ASSOCIATION_ID, ID_NAMESPACE_ARN, MEMBERSHIP_ARN, MEMBERSHIP_ID


@jsii.implements(IMembershipRef)
class Membership(Resource):
    """A membership as another library or a user could write it."""

    @property
    def membership_ref(self) -> MembershipReference:
        return MembershipReference(
            membership_arn=MEMBERSHIP_ARN, membership_identifier=MEMBERSHIP_ID
        )


@jsii.implements(IIdNamespaceRef)
class IdNamespace(Resource):
    """An ID namespace as another library or a user could write it."""

    @property
    def id_namespace_ref(self) -> IdNamespaceReference:
        return IdNamespaceReference(
            id_namespace_arn=ID_NAMESPACE_ARN, id_namespace_name="customers"
        )


def test_a_membership_can_be_any_construct_that_refers_to_one(
    stack: Stack, associate: Associate
) -> None:
    association = associate(membership=Membership(stack, "Membership"))
    assert resource_of(association)["Properties"]["MembershipIdentifier"] == MEMBERSHIP_ID


def test_an_import_knows_the_arn_of_any_construct_that_refers_to_a_membership(
    stack: Stack,
) -> None:
    association = IdNamespaceAssociation.from_existing(
        stack,
        "Association",
        membership=Membership(stack, "Membership"),
        id_namespace_association_identifier=ASSOCIATION_ID,
    )
    assert association.membership_arn == MEMBERSHIP_ARN


def test_an_id_namespace_can_be_any_construct_that_refers_to_one(
    stack: Stack, associate: Associate
) -> None:
    association = associate(id_namespace=IdNamespace(stack, "IdNamespace"))
    reference = resource_of(association)["Properties"]["InputReferenceConfig"]
    assert reference["InputReferenceArn"] == ID_NAMESPACE_ARN


def test_an_id_namespace_can_be_imported_by_its_arn(stack: Stack, associate: Associate) -> None:
    imported = CfnIdNamespace.from_id_namespace_arn(stack, "IdNamespace", ID_NAMESPACE_ARN)
    reference = resource_of(associate(id_namespace=imported))["Properties"]["InputReferenceConfig"]
    assert reference["InputReferenceArn"] == ID_NAMESPACE_ARN


def test_an_id_namespace_can_be_imported_by_its_name(stack: Stack, associate: Associate) -> None:
    imported = CfnIdNamespace.from_id_namespace_name(stack, "IdNamespace", "customers")
    reference = resource_of(associate(id_namespace=imported))["Properties"]["InputReferenceConfig"]
    assert reference["InputReferenceArn"] == stack.resolve(
        stack.format_arn(
            service="entityresolution", resource="idnamespace", resource_name="customers"
        )
    )


def test_a_construct_with_an_invalid_reference_is_refused(
    stack: Stack, associate: Associate
) -> None:
    of_another_partition = ID_NAMESPACE_ARN.replace("arn:aws:", "arn:aws-us-gov:")
    imported = CfnIdNamespace.from_id_namespace_arn(stack, "IdNamespace", of_another_partition)
    (problem,) = problems_of(lambda: associate(id_namespace=imported))
    assert (problem.property, problem.value) == ("id_namespace", of_another_partition)


def test_an_id_namespace_instead_of_a_membership_is_refused(
    stack: Stack, associate: Associate
) -> None:
    (problem,) = problems_of(lambda: associate(membership=IdNamespace(stack, "IdNamespace")))
    assert problem.property == "membership"


def test_a_membership_instead_of_an_id_namespace_is_refused(
    stack: Stack, associate: Associate
) -> None:
    (problem,) = problems_of(lambda: associate(id_namespace=Membership(stack, "Membership")))
    assert problem.property == "id_namespace"
