"""A consumer's module in which type checkers must report each line with a comment."""

from __future__ import annotations

from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation, CfnMembership
from aws_cdk.aws_entityresolution import CfnIdNamespace
from aws_cdk.aws_iam import IGrantable
from constructs import Construct

import cdk_cleanrooms
from cdk_cleanrooms import (
    Collaboration,
    IdMappingTable,
    IdMappingWorkflow,
    IdNamespaceAssociation,
    IdNamespaceAssociationGrants,
    IIdMappingTable,
    IIdNamespaceAssociation,
    ILookedUpIdNamespaceAssociation,
    JobResults,
    MatchingWorkflow,
    MatchingWorkflowOutput,
    Member,
    Membership,
    Results,
    TableInput,
    ValidationError,
)


def use(value: object) -> None: ...


use(cdk_cleanrooms.NoSuchName)  # expect: attribute


def arguments(scope: Construct, membership: CfnMembership, id_namespace: CfnIdNamespace) -> None:
    IdNamespaceAssociation(scope, "Id", "id", id_namespace="arn", name="")  # expect: call
    IdNamespaceAssociation(scope, "Id", membership="id", id_namespace="arn")  # expect: call
    IdNamespaceAssociation(scope, "Id", id_namespace="arn", name="name")  # expect: call
    IdNamespaceAssociation(scope, "Id", membership="id", name="name")  # expect: call
    IdNamespaceAssociation(
        scope,
        "Id",
        membership=id_namespace,  # expect: argument
        id_namespace=membership,  # expect: argument
        name=1,  # expect: argument
        description=True,  # expect: argument
        manage_resource_policies="true",  # expect: argument
        allow_use_as_dimension_column="false",  # expect: argument
        tags=[{"Key": "Team", "Value": "DataScience"}],  # expect: argument
        removal_policy="RETAIN",  # expect: argument
        adopt=1,  # expect: argument
    )
    IdNamespaceAssociation(
        scope,
        1,  # expect: argument
        membership=1,  # expect: argument
        id_namespace=1,  # expect: argument
        name=None,  # expect: argument
        tags={"Team": 1},  # expect: entry
    )
    IdNamespaceAssociation(scope, "", membership="", id_namespace="", name="", x=1)  # expect: call


def imports(scope: Construct, membership: CfnMembership) -> None:
    IdNamespaceAssociation.from_existing(
        scope,
        "Id",
        membership=1,  # expect: argument
        id_namespace_association_identifier=membership,  # expect: argument
    )
    IdNamespaceAssociation.from_id_namespace_association_arn(
        scope,
        "Id",
        membership,  # expect: argument
    )
    IdNamespaceAssociation.from_lookup(
        scope,
        "Id",
        membership_identifier=membership,  # expect: argument
        id_namespace_association_identifier=1,  # expect: argument
    )
    IdNamespaceAssociation.from_lookup(scope, "Id", membership="id")  # expect: call


def attributes(
    association: IdNamespaceAssociation,
    imported: IIdNamespaceAssociation,
    looked_up: ILookedUpIdNamespaceAssociation,
    error: ValidationError,
) -> None:
    use(association.description)  # expect: attribute
    use(imported.collaboration_arn)  # expect: attribute
    imported.membership_arn = "arn"  # expect: read-only
    looked_up.name = "name"  # expect: read-only
    error.problems[0].message = "message"  # expect: read-only
    association.add_tag("Team", 1)  # expect: argument
    association.remove_tag(1)  # expect: argument
    imported.add_tag("Team", "DataScience")  # expect: attribute


def grants(
    association: IIdNamespaceAssociation, membership: CfnMembership, grantee: IGrantable
) -> None:
    association.grants.read("role")  # expect: argument
    association.grants.manage(membership)  # expect: argument
    association.grants.actions(grantee, ["cleanrooms:TagResource"])  # expect: argument
    IdNamespaceAssociationGrants.from_id_namespace_association(membership)  # expect: argument


def mapping(
    scope: Construct,
    membership: CfnMembership,
    id_namespace: CfnIdNamespace,
    table: IIdMappingTable,
) -> None:
    IdMappingTable(scope, "Id", membership="id", name="name")  # expect: call
    IdMappingTable(
        scope,
        "Id",
        membership=id_namespace,  # expect: argument
        id_mapping_workflow=id_namespace,  # expect: argument
        name="name",
        source=membership,  # expect: argument
        target="id",  # expect: argument
        encryption_key=True,  # expect: argument
    )
    table.grants.populate("role")  # expect: argument
    association: IIdNamespaceAssociation = table  # expect: assignment
    use(association)


def references(membership: CfnMembership) -> None:
    association: IIdNamespaceAssociation = membership  # expect: assignment
    CfnIdNamespaceAssociation.arn_for_id_namespace_association(association)
    CfnIdNamespaceAssociation.arn_for_id_namespace_association(membership)  # expect: argument


def values_of_another_kind(
    scope: Construct, inputs: list[TableInput], output: MatchingWorkflowOutput
) -> None:
    creator = Member(display_name="Us")
    Collaboration(
        scope,
        "Id",
        name="name",
        description="description",
        creator=creator,
        members=[Member(display_name="Partner")],  # expect: item
    )
    results, job_results = Results(bucket="results"), JobResults(bucket="results")
    Membership(scope, "Id", collaboration="id", results=job_results)  # expect: argument
    Membership(scope, "Id", collaboration="id", job_results=results)  # expect: argument
    IdMappingWorkflow(
        scope,
        "Id",
        name="name",
        source="arn",
        target="arn",
        output=output,  # expect: argument
    )
    MatchingWorkflow(scope, "Id", name="name", inputs=inputs, output=output)  # expect: overload
    rules = {"Email": ["email"]}
    MatchingWorkflow(  # expect: overload of mypy
        scope,
        "Id",
        name="name",
        inputs=inputs,
        output=output,
        rules=rules,
        real_time_matching=True,  # expect: overload of pyright
    )
