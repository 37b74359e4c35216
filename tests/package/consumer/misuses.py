"""A consumer's module in which type checkers must report each line with a comment."""

from __future__ import annotations

from aws_cdk.aws_cleanrooms import CfnConfiguredTable, CfnIdNamespaceAssociation, CfnMembership
from aws_cdk.aws_entityresolution import CfnIdNamespace
from aws_cdk.aws_iam import IGrantable
from aws_cdk.aws_s3 import Bucket
from constructs import Construct

import cdk_cleanrooms
from cdk_cleanrooms import (
    AccessBudget,
    AggregationAnalysisRule,
    AnalysisTemplate,
    AnyAnalysis,
    Collaboration,
    ConfiguredTable,
    ConfiguredTableAssociation,
    CustomAnalysisRule,
    DifferentialPrivacyBudget,
    GlueTable,
    IAnalysisTemplate,
    IConfiguredTable,
    IConfiguredTableAssociation,
    IdMappingTable,
    IdMappingWorkflow,
    IdNamespaceAssociation,
    IdNamespaceAssociationGrants,
    IIdMappingTable,
    IIdNamespaceAssociation,
    ILookedUpIdNamespaceAssociation,
    IPrivacyBudgetTemplate,
    JobResults,
    ListAnalysisRule,
    MatchingWorkflow,
    MatchingWorkflowOutput,
    Member,
    Membership,
    PeriodBudget,
    PrivacyBudgetTemplate,
    PySparkSource,
    Results,
    SnowflakeTable,
    SqlSource,
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


def configured_tables(
    scope: Construct, bucket: Bucket, table: GlueTable, membership: CfnMembership
) -> None:
    ConfiguredTable(scope, "Id", name="name", table=table)  # expect: call
    ConfiguredTable(
        scope,
        "Id",
        name=1,  # expect: argument
        table="arn",  # expect: argument
        allowed_columns=1,  # expect: argument
        analysis_methods=True,  # expect: argument
        analysis_rule="CUSTOM",  # expect: argument
        description=1,  # expect: argument
    )
    GlueTable(table=bucket)  # expect: argument
    GlueTable(table="arn", prefix=1)  # expect: argument
    GlueTable("arn")  # expect: call
    SnowflakeTable(
        secret=1,  # expect: argument
        account_identifier="account",
        database="database",
        schema="schema",
        table="table",
        columns=["order_id"],  # expect: argument
    )
    configured = ConfiguredTable(scope, "Id", name="name", table=table, allowed_columns=["id"])
    configured.associate("Id")  # expect: call
    configured.associate("Id", membership=table)  # expect: argument
    configured.associate("Id", membership="id", result_receivers=1)  # expect: argument
    configured.grants.associate(membership, "arn")  # expect: argument


def analysis_rules(template: IAnalysisTemplate, membership: CfnMembership) -> None:
    AggregationAnalysisRule(aggregate_columns={"SUM": ["amount"]})  # expect: call
    AggregationAnalysisRule(
        aggregate_columns=["amount"],  # expect: argument
        output_constraints={"id": "2"},  # expect: entry
        join_required="QUERY_RUNNER",  # expect: argument
    )
    ListAnalysisRule(join_columns=["id"])  # expect: call
    ListAnalysisRule(join_columns=1, list_columns=["id"])  # expect: argument
    CustomAnalysisRule(allowed_analyses=AnyAnalysis.NO_QUERY)  # expect: attribute
    CustomAnalysisRule(allowed_analyses=template)  # expect: argument
    CustomAnalysisRule(allowed_analyses=[membership])  # expect: item
    CustomAnalysisRule(aggregation_threshold=10)  # expect: argument


def associations(
    scope: Construct,
    table: IConfiguredTable,
    l1: CfnConfiguredTable,
    association: IConfiguredTableAssociation,
) -> None:
    ConfiguredTableAssociation(scope, "Id", membership="id")  # expect: call
    ConfiguredTableAssociation(
        scope,
        "Id",
        membership=l1,  # expect: argument
        configured_table=association,  # expect: argument
        role=table,  # expect: argument
        collaboration_rule="no",  # expect: argument
        member_memberships=[table],  # expect: item
        allowed_additional_analyses=[1],  # expect: item
    )
    ConfiguredTableAssociation.from_lookup(scope, "Id", membership_identifier="id")  # expect: call
    use(association.name)  # expect: attribute
    association.configured_table_association_arn = "arn"  # expect: read-only


def analysis_templates(scope: Construct, template: IAnalysisTemplate, bucket: Bucket) -> None:
    AnalysisTemplate(scope, "Id", membership="id", name="name")  # expect: call
    AnalysisTemplate(
        scope,
        "Id",
        membership=template,  # expect: argument
        name="name",
        source="SELECT 1",  # expect: argument
        parameters={"since": 1},  # expect: entry
        detailed_error_messages="DETAILED",  # expect: argument
    )
    SqlSource(bucket)  # expect: argument
    SqlSource.from_file(1)  # expect: argument
    PySparkSource(bucket=bucket)  # expect: call
    template.grants.read("role")  # expect: argument


def privacy_budgets(
    scope: Construct,
    budget: IPrivacyBudgetTemplate,
    association: IConfiguredTableAssociation,
    table: IConfiguredTable,
) -> None:
    PrivacyBudgetTemplate(scope, "Id", membership="id")  # expect: call
    PrivacyBudgetTemplate(
        scope,
        "Id",
        membership=association,  # expect: argument
        budget=budget,  # expect: argument
    )
    AccessBudget(association=table, lifetime=1)  # expect: argument
    AccessBudget(association=association, per_period=100)  # expect: argument
    PeriodBudget(100)  # expect: call
    DifferentialPrivacyBudget(epsilon=3)  # expect: call
    PrivacyBudgetTemplate.from_privacy_budget_template_arn(scope, "Id", budget)  # expect: argument
