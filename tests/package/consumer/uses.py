"""A consumer's module that uses all that the package offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_type

from aws_cdk import IResolvable, IResource, RemovalPolicy, Stack
from aws_cdk.aws_cleanrooms import CfnIdMappingTable, CfnIdNamespaceAssociation, CfnMembership
from aws_cdk.aws_entityresolution import CfnIdMappingWorkflow, CfnIdNamespace
from aws_cdk.aws_iam import Grant, IGrantable, Role
from aws_cdk.aws_kms import Key
from aws_cdk.interfaces.aws_cleanrooms import (
    IdMappingTableReference,
    IdNamespaceAssociationReference,
    IIdMappingTableRef,
    IIdNamespaceAssociationRef,
    IMembershipRef,
)
from aws_cdk.interfaces.aws_entityresolution import IIdNamespaceRef
from constructs import Construct

from cdk_cleanrooms import (
    IdMappingTable,
    IdMappingTableGrants,
    IdNamespaceAssociation,
    IdNamespaceAssociationGrants,
    IIdMappingTable,
    IIdNamespaceAssociation,
    ILookedUpIdMappingTable,
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


def declare_if(scope: Construct, condition: IResolvable) -> None:
    IdNamespaceAssociation(
        scope,
        "Tokens",
        membership="a1b2c3d4-5678-90ab-cdef-111111111111",
        id_namespace="arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers",
        name="customers",
        manage_resource_policies=condition,
        allow_use_as_dimension_column=condition,
        adopt=True,
    )


def map_ids(
    scope: Construct,
    membership: CfnMembership,
    workflow: CfnIdMappingWorkflow,
    source: IdNamespaceAssociation,
    target: IIdNamespaceAssociation,
    key: Key,
) -> IdMappingTable:
    table = IdMappingTable(
        scope,
        "Table",
        membership=membership,
        id_mapping_workflow=workflow,
        name="customers",
        source=source,
        target=target,
        description="Our customers",
        manage_resource_policies=True,
        encryption_key=key,
        tags={"Team": "DataScience"},
        removal_policy=RemovalPolicy.RETAIN,
        adopt="a1b2c3d4-5678-90ab-cdef-222222222222",
    )
    table.add_tag("Team", "DataScience")
    table.remove_tag("Team")
    assert_type(table.collaboration_arn, str)
    assert_type(table.collaboration_identifier, str)
    assert_type(CfnIdMappingTable.arn_for_id_mapping_table(table), str)
    read_table(table)
    return table


def read_table(table: IIdMappingTable) -> None:
    assert_type(table.id_mapping_table_arn, str)
    assert_type(table.id_mapping_table_identifier, str)
    assert_type(table.id_mapping_table_ref, IdMappingTableReference)
    assert_type(table.membership_arn, str)
    assert_type(table.membership_identifier, str)
    assert_type(table.grants, IdMappingTableGrants)
    as_reference: IIdMappingTableRef = table
    use(as_reference)


def import_tables(scope: Construct) -> None:
    existing = IdMappingTable.from_existing(
        scope,
        "ExistingTable",
        membership="a1b2c3d4-5678-90ab-cdef-111111111111",
        id_mapping_table_identifier="a1b2c3d4-5678-90ab-cdef-222222222222",
    )
    assert_type(existing, IIdMappingTable)
    assert_type(IdMappingTable.from_id_mapping_table_arn(scope, "A", "arn:…"), IIdMappingTable)
    looked_up = IdMappingTable.from_lookup(
        scope,
        "LookedUpTable",
        membership_identifier="a1b2c3d4-5678-90ab-cdef-111111111111",
        id_mapping_table_identifier="a1b2c3d4-5678-90ab-cdef-222222222222",
    )
    assert_type(looked_up, ILookedUpIdMappingTable)
    assert_type(looked_up.name, str)


def grant_on_table(table: IIdMappingTable, l1: CfnIdMappingTable, grantee: IGrantable) -> None:
    assert_type(table.grants.read(grantee), Grant)
    assert_type(table.grants.manage(grantee), Grant)
    assert_type(table.grants.populate(grantee), Grant)
    assert_type(table.grants.actions(grantee, "cleanrooms:TagResource"), Grant)
    assert_type(IdMappingTableGrants.from_id_mapping_table(l1), IdMappingTableGrants)


def explain(error: ValidationError) -> None:
    assert_type(error.construct_path, str)
    assert_type(error.problems, tuple[Problem, ...])
    for problem in error.problems:
        assert_type(problem.property, str)
        assert_type(problem.value, object)
        assert_type(problem.message, str)
    as_value_error: ValueError = error
    use(as_value_error)
