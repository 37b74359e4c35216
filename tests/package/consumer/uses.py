"""A consumer's module that uses all that the package offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_type

from aws_cdk import IResource, RemovalPolicy, Stack
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation, CfnMembership
from aws_cdk.aws_entityresolution import CfnIdNamespace
from aws_cdk.aws_iam import Grant, IGrantable, Role
from aws_cdk.interfaces.aws_cleanrooms import (
    IdNamespaceAssociationReference,
    IIdNamespaceAssociationRef,
    IMembershipRef,
)
from aws_cdk.interfaces.aws_entityresolution import IIdNamespaceRef
from constructs import Construct

from cdk_cleanrooms import (
    IdNamespaceAssociation,
    IdNamespaceAssociationGrants,
    IIdNamespaceAssociation,
    ILookedUpIdNamespaceAssociation,
    Problem,
    ValidationError,
)


def use(*values: object) -> None: ...


def declare(scope: Construct, tags: Mapping[str, str]) -> IdNamespaceAssociation:
    association = IdNamespaceAssociation(
        scope,
        "Full",
        membership="a1b2c3d4-5678-90ab-cdef-111111111111",
        id_namespace="arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers",
        name="customers",
        description="Our customers",
        manage_resource_policies=True,
        allow_use_as_dimension_column=False,
        tags=tags,
        removal_policy=RemovalPolicy.RETAIN,
        adopt="a1b2c3d4-5678-90ab-cdef-222222222222",
    )
    association.add_tag("Team", "DataScience")
    association.remove_tag("Team")
    return association


def declare_with_l1(
    scope: Construct, membership: CfnMembership, id_namespace: CfnIdNamespace
) -> IdNamespaceAssociation:
    return IdNamespaceAssociation(
        scope, "OfL1s", membership=membership, id_namespace=id_namespace, name="customers"
    )


def declare_with_references(
    scope: Construct, membership: IMembershipRef, id_namespace: IIdNamespaceRef
) -> IdNamespaceAssociation:
    return IdNamespaceAssociation(
        scope, "OfReferences", membership=membership, id_namespace=id_namespace, name="customers"
    )


def read(association: IdNamespaceAssociation) -> None:
    assert_type(association.id_namespace_association_arn, str)
    assert_type(association.id_namespace_association_identifier, str)
    assert_type(association.id_namespace_association_ref, IdNamespaceAssociationReference)
    assert_type(association.membership_arn, str)
    assert_type(association.membership_identifier, str)
    assert_type(association.collaboration_arn, str)
    assert_type(association.collaboration_identifier, str)
    assert_type(association.grants, IdNamespaceAssociationGrants)
    assert_type(association.stack, Stack)


def read_imported(association: IIdNamespaceAssociation) -> None:
    assert_type(association.id_namespace_association_arn, str)
    assert_type(association.id_namespace_association_identifier, str)
    assert_type(association.id_namespace_association_ref, IdNamespaceAssociationReference)
    assert_type(association.membership_arn, str)
    assert_type(association.membership_identifier, str)
    assert_type(association.grants, IdNamespaceAssociationGrants)
    assert_type(association.stack, Stack)


def read_looked_up(association: ILookedUpIdNamespaceAssociation) -> None:
    read_imported(association)
    assert_type(association.name, str)
    assert_type(association.collaboration_arn, str)
    assert_type(association.collaboration_identifier, str)


def import_associations(scope: Construct, membership: CfnMembership) -> None:
    assert_type(
        IdNamespaceAssociation.from_existing(
            scope,
            "Existing",
            membership=membership,
            id_namespace_association_identifier="a1b2c3d4-5678-90ab-cdef-222222222222",
        ),
        IIdNamespaceAssociation,
    )
    assert_type(
        IdNamespaceAssociation.from_id_namespace_association_arn(scope, "OfArn", "arn:…"),
        IIdNamespaceAssociation,
    )
    assert_type(
        IdNamespaceAssociation.from_lookup(
            scope,
            "LookedUp",
            membership_identifier="a1b2c3d4-5678-90ab-cdef-111111111111",
            id_namespace_association_identifier="a1b2c3d4-5678-90ab-cdef-222222222222",
        ),
        ILookedUpIdNamespaceAssociation,
    )


def pass_as_what_it_is(association: IdNamespaceAssociation) -> None:
    read_imported(association)
    as_resource: IResource = association
    as_reference: IIdNamespaceAssociationRef = association
    use(as_resource, as_reference)
    assert_type(CfnIdNamespaceAssociation.arn_for_id_namespace_association(association), str)


def pass_imported_as_what_it_is(association: IIdNamespaceAssociation) -> None:
    as_resource: IResource = association
    as_reference: IIdNamespaceAssociationRef = association
    use(as_resource, as_reference)
    assert_type(CfnIdNamespaceAssociation.arn_for_id_namespace_association(association), str)


def grant(
    association: IIdNamespaceAssociation, l1: CfnIdNamespaceAssociation, grantee: IGrantable
) -> None:
    assert_type(association.grants.read(grantee), Grant)
    assert_type(association.grants.manage(grantee), Grant)
    assert_type(association.grants.actions(grantee, "cleanrooms:TagResource"), Grant)
    grants = IdNamespaceAssociationGrants.from_id_namespace_association(l1)
    assert_type(grants, IdNamespaceAssociationGrants)
    IdNamespaceAssociationGrants.from_id_namespace_association(association)


def grant_to_role(association: IdNamespaceAssociation, role: Role) -> None:
    assert_type(association.grants.read(role), Grant)


def explain(error: ValidationError) -> None:
    assert_type(error.construct_path, str)
    assert_type(error.problems, tuple[Problem, ...])
    for problem in error.problems:
        assert_type(problem.property, str)
        assert_type(problem.value, object)
        assert_type(problem.message, str)
    as_value_error: ValueError = error
    use(as_value_error)
