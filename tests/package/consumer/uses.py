"""A consumer's module that uses everything in the package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_type

from aws_cdk import IResolvable, IResource, RemovalPolicy, Stack
from aws_cdk.aws_cleanrooms import (
    CfnAnalysisTemplate,
    CfnCollaboration,
    CfnConfiguredTable,
    CfnConfiguredTableAssociation,
    CfnIdMappingTable,
    CfnIdNamespaceAssociation,
    CfnMembership,
    CfnPrivacyBudgetTemplate,
)
from aws_cdk.aws_entityresolution import (
    CfnIdMappingWorkflow,
    CfnIdNamespace,
    CfnMatchingWorkflow,
    CfnSchemaMapping,
)
from aws_cdk.aws_glue import CfnTable
from aws_cdk.aws_iam import AccountPrincipal, Grant, IGrantable, Role
from aws_cdk.aws_kms import Key
from aws_cdk.aws_s3 import Bucket
from aws_cdk.aws_scheduler import Schedule, ScheduleExpression
from aws_cdk.aws_secretsmanager import Secret
from aws_cdk.aws_sqs import Queue
from aws_cdk.interfaces.aws_cleanrooms import (
    AnalysisTemplateReference,
    CollaborationReference,
    ConfiguredTableAssociationReference,
    ConfiguredTableReference,
    IAnalysisTemplateRef,
    ICollaborationRef,
    IConfiguredTableAssociationRef,
    IConfiguredTableRef,
    IdMappingTableReference,
    IdNamespaceAssociationReference,
    IIdMappingTableRef,
    IIdNamespaceAssociationRef,
    IMembershipRef,
    IPrivacyBudgetTemplateRef,
    MembershipReference,
    PrivacyBudgetTemplateReference,
)
from aws_cdk.interfaces.aws_entityresolution import (
    IdMappingWorkflowReference,
    IdNamespaceReference,
    IIdMappingWorkflowRef,
    IIdNamespaceRef,
    IMatchingWorkflowRef,
    ISchemaMappingRef,
    MatchingWorkflowReference,
    SchemaMappingReference,
)
from constructs import Construct

from cdk_cleanrooms import (
    AccessBudget,
    AdditionalAnalyses,
    AggregateExpressionType,
    AggregateFunction,
    AggregationAnalysisRule,
    AggregationThreshold,
    AnalysisMethod,
    AnalysisRuleType,
    AnalysisTemplate,
    AnalysisTemplateGrants,
    AnyAnalysis,
    AthenaTable,
    AttributeMatchingModel,
    AutoApprovedChangeType,
    BudgetPeriod,
    Collaboration,
    CollaborationGrants,
    ConfiguredTable,
    ConfiguredTableAssociation,
    ConfiguredTableAssociationGrants,
    ConfiguredTableGrants,
    CustomAnalysisRule,
    CustomMLMemberAbility,
    DataEncryptionMetadata,
    DifferentialPrivacyBudget,
    GlueTable,
    IAnalysisTemplate,
    ICollaboration,
    IConfiguredTable,
    IConfiguredTableAssociation,
    IdMappingTable,
    IdMappingTableGrants,
    IdMappingWorkflow,
    IdMappingWorkflowGrants,
    IdNamespace,
    IdNamespaceAssociation,
    IdNamespaceAssociationGrants,
    IdNamespaceGrants,
    IdNamespaceType,
    IIdMappingTable,
    IIdMappingWorkflow,
    IIdNamespace,
    IIdNamespaceAssociation,
    ILookedUpCollaboration,
    ILookedUpConfiguredTable,
    ILookedUpConfiguredTableAssociation,
    ILookedUpIdMappingTable,
    ILookedUpIdMappingWorkflow,
    ILookedUpIdNamespace,
    ILookedUpIdNamespaceAssociation,
    ILookedUpMatchingWorkflow,
    ILookedUpMembership,
    ILookedUpSchemaMapping,
    IMatchingWorkflow,
    IMembership,
    IPrivacyBudgetTemplate,
    ISchemaMapping,
    JobResults,
    JoinOperator,
    ListAnalysisRule,
    MatchingWorkflow,
    MatchingWorkflowGrants,
    MatchingWorkflowOutput,
    MatchPurpose,
    Member,
    MemberAbility,
    Membership,
    MembershipGrants,
    Parameter,
    ParameterType,
    PaymentResponsibility,
    PeriodBudget,
    PrivacyBudgetTemplate,
    PrivacyBudgetTemplateGrants,
    Problem,
    PySparkSource,
    RecordMatchingModel,
    ResultFormat,
    Results,
    RuleDefinitionType,
    ScalarFunction,
    SchemaAttributeType,
    SchemaInputAttribute,
    SchemaMapping,
    SchemaMappingGrants,
    SnowflakeTable,
    SqlSource,
    TableInput,
    ValidationError,
    WorkflowOutput,
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
    queue = Queue(table.stack, "Failures")
    schedule = ScheduleExpression.cron(hour="2")
    assert_type(table.populate_on("EveryNight", schedule, dead_letter_queue=queue), Schedule)
    assert_type(table.grants.actions(grantee, "cleanrooms:TagResource"), Grant)
    assert_type(IdMappingTableGrants.from_id_mapping_table(l1), IdMappingTableGrants)


def collaborate(scope: Construct) -> Collaboration:
    creator = Member(
        display_name="Advertiser",
        abilities=[
            MemberAbility.CAN_QUERY,
            MemberAbility.CAN_RUN_JOB,
            MemberAbility.CAN_RECEIVE_RESULTS,
        ],
        ml_abilities=[
            CustomMLMemberAbility.CAN_RECEIVE_MODEL_OUTPUT,
            CustomMLMemberAbility.CAN_RECEIVE_INFERENCE_OUTPUT,
        ],
        pays_for=[
            PaymentResponsibility.QUERY_COMPUTE,
            PaymentResponsibility.JOB_COMPUTE,
            PaymentResponsibility.MODEL_TRAINING,
            PaymentResponsibility.MODEL_INFERENCE,
            PaymentResponsibility.SYNTHETIC_DATA_GENERATION,
        ],
    )
    collaboration = Collaboration(
        scope,
        "Collaboration",
        name="audience-overlap",
        description="Which customers we share",
        creator=creator,
        members=[Member(account_id="444455556666", display_name="Publisher")],
        query_log_enabled=True,
        job_log_enabled=False,
        metrics_enabled=True,
        data_encryption_metadata=DataEncryptionMetadata(
            allow_cleartext=True,
            allow_duplicates=False,
            allow_joins_on_columns_with_different_names=False,
            preserve_nulls=True,
        ),
        auto_approved_change_types=[
            AutoApprovedChangeType.ADD_MEMBER,
            AutoApprovedChangeType.GRANT_RECEIVE_RESULTS_ABILITY,
            AutoApprovedChangeType.REVOKE_RECEIVE_RESULTS_ABILITY,
        ],
        allowed_result_regions=["us-east-1"],
        tags={"Team": "DataScience"},
        removal_policy=RemovalPolicy.RETAIN,
        adopt="a1b2c3d4-5678-90ab-cdef-333333333333",
    )
    collaboration.add_tag("Team", "DataScience")
    collaboration.remove_tag("Team")
    assert_type(CfnCollaboration.arn_for_collaboration(collaboration), str)
    read_collaboration(collaboration)
    return collaboration


def read_collaboration(collaboration: ICollaboration) -> None:
    assert_type(collaboration.collaboration_arn, str)
    assert_type(collaboration.collaboration_identifier, str)
    assert_type(collaboration.collaboration_ref, CollaborationReference)
    assert_type(collaboration.grants, CollaborationGrants)
    as_reference: ICollaborationRef = collaboration
    use(as_reference)


def import_collaborations(scope: Construct, identifier: str, l1: CfnCollaboration) -> None:
    existing = Collaboration.from_existing(scope, "A", collaboration_identifier=identifier)
    assert_type(existing, ICollaboration)
    assert_type(Collaboration.from_collaboration_arn(scope, "B", "arn:…"), ICollaboration)
    looked_up = Collaboration.from_lookup(scope, "C", collaboration_identifier=identifier)
    assert_type(looked_up, ILookedUpCollaboration)
    assert_type(looked_up.name, str)
    assert_type(CollaborationGrants.from_collaboration(l1), CollaborationGrants)


def join(scope: Construct, collaboration: Collaboration, bucket: Bucket, role: Role) -> Membership:
    membership = Membership(
        scope,
        "Membership",
        collaboration=collaboration,
        collaboration_identifier="a1b2c3d4-5678-90ab-cdef-333333333333",
        query_log_enabled=True,
        job_log_enabled=False,
        metrics_enabled=True,
        pays_for=[PaymentResponsibility.QUERY_COMPUTE],
        results=Results(
            bucket=bucket,
            prefix="overlap",
            format=ResultFormat.CSV,
            single_file_output=True,
            role=role,
        ),
        job_results=JobResults(bucket="our-results", query_runner_membership="arn:…"),
        tags={"Team": "DataScience"},
        removal_policy=RemovalPolicy.RETAIN,
        adopt="a1b2c3d4-5678-90ab-cdef-111111111111",
    )
    membership.add_tag("Team", "DataScience")
    membership.remove_tag("Team")
    assert_type(membership.collaboration_arn, str)
    assert_type(membership.collaboration_identifier, str)
    assert_type(membership.collaboration_creator_account_id, str)
    assert_type(membership.results_role, Role | None)
    assert_type(membership.job_results_role, Role | None)
    assert_type(CfnMembership.arn_for_membership(membership), str)
    read_membership(membership)
    return membership


FORMATS: list[ResultFormat] = [ResultFormat.CSV, ResultFormat.PARQUET]


def read_membership(membership: IMembership) -> None:
    assert_type(membership.membership_arn, str)
    assert_type(membership.membership_identifier, str)
    assert_type(membership.membership_ref, MembershipReference)
    assert_type(membership.grants, MembershipGrants)
    as_reference: IMembershipRef = membership
    use(as_reference)


def import_memberships(scope: Construct, identifier: str, l1: CfnMembership) -> None:
    existing = Membership.from_existing(scope, "A", membership_identifier=identifier)
    assert_type(existing, IMembership)
    assert_type(Membership.from_membership_arn(scope, "B", "arn:…"), IMembership)
    looked_up = Membership.from_lookup(scope, "C", membership_identifier=identifier)
    assert_type(looked_up, ILookedUpMembership)
    assert_type(looked_up.collaboration_creator_account_id, str)
    assert_type(MembershipGrants.from_membership(l1), MembershipGrants)


def grant_on_membership(membership: IMembership, grantee: IGrantable) -> None:
    assert_type(membership.grants.query(grantee), Grant)
    assert_type(membership.grants.run_jobs(grantee), Grant)


def say_what_columns_are(scope: Construct) -> SchemaMapping:
    mapping = SchemaMapping(
        scope,
        "SchemaMapping",
        name="customers",
        mapped_input_fields=[
            SchemaInputAttribute(field_name="id", type=SchemaAttributeType.UNIQUE_ID),
            SchemaInputAttribute(
                field_name="email",
                type="EMAIL_ADDRESS",
                match_key="Email",
                group_name="Contact",
                sub_type="Provider",
                hashed=True,
            ),
            *[SchemaInputAttribute(field_name=type, type=type) for type in OTHER_TYPES],
        ],
        description="Our customers",
        tags={"Team": "DataScience"},
        removal_policy=RemovalPolicy.RETAIN,
        adopt="customers",
    )
    mapping.add_tag("Team", "DataScience")
    mapping.remove_tag("Team")
    assert_type(CfnSchemaMapping.arn_for_schema_mapping(mapping), str)
    assert_type(mapping.name, str)
    read_schema_mapping(mapping)
    return mapping


OTHER_TYPES: list[SchemaAttributeType] = [
    SchemaAttributeType.NAME,
    SchemaAttributeType.NAME_FIRST,
    SchemaAttributeType.NAME_MIDDLE,
    SchemaAttributeType.NAME_LAST,
    SchemaAttributeType.ADDRESS,
    SchemaAttributeType.ADDRESS_STREET1,
    SchemaAttributeType.ADDRESS_STREET2,
    SchemaAttributeType.ADDRESS_STREET3,
    SchemaAttributeType.ADDRESS_CITY,
    SchemaAttributeType.ADDRESS_STATE,
    SchemaAttributeType.ADDRESS_COUNTRY,
    SchemaAttributeType.ADDRESS_POSTALCODE,
    SchemaAttributeType.PHONE,
    SchemaAttributeType.PHONE_NUMBER,
    SchemaAttributeType.PHONE_COUNTRYCODE,
    SchemaAttributeType.DATE,
    SchemaAttributeType.STRING,
    SchemaAttributeType.PROVIDER_ID,
]


def read_schema_mapping(mapping: ISchemaMapping) -> None:
    assert_type(mapping.schema_mapping_arn, str)
    assert_type(mapping.schema_mapping_name, str)
    assert_type(mapping.schema_mapping_ref, SchemaMappingReference)
    assert_type(mapping.grants, SchemaMappingGrants)
    as_reference: ISchemaMappingRef = mapping
    use(as_reference)


def import_schema_mappings(scope: Construct, l1: CfnSchemaMapping, grantee: IGrantable) -> None:
    existing = SchemaMapping.from_existing(scope, "A", schema_mapping_name="customers")
    assert_type(existing, ISchemaMapping)
    assert_type(SchemaMapping.from_schema_mapping_arn(scope, "B", "arn:…"), ISchemaMapping)
    looked_up = SchemaMapping.from_lookup(scope, "C", schema_mapping_name="customers")
    assert_type(looked_up, ILookedUpSchemaMapping)
    assert_type(looked_up.has_workflows, bool)
    assert_type(SchemaMappingGrants.from_schema_mapping(l1), SchemaMappingGrants)
    assert_type(existing.grants.actions(grantee, "entityresolution:TagResource"), Grant)


def match_records(
    scope: Construct, table: CfnTable, bucket: Bucket, key: Key, mapping: SchemaMapping
) -> MatchingWorkflow:
    workflow = MatchingWorkflow(
        scope,
        "MatchingWorkflow",
        name="subscribers",
        inputs=[
            TableInput(
                table=table,
                schema_mapping=mapping,
                bucket=bucket,
                prefix="subscribers",
                encryption_key=key,
                apply_normalization=True,
            )
        ],
        output=MatchingWorkflowOutput(
            bucket=bucket,
            prefix="matched",
            encryption_key=key,
            trailing_slash=False,
            columns=["id", "email"],
            hashed_columns=["email"],
            apply_normalization=False,
        ),
        rules={"Email": ["Email"]},
        attribute_matching_model=AttributeMatchingModel.ONE_TO_ONE,
        match_purpose=MatchPurpose.INDEXING or MatchPurpose.IDENTIFIER_GENERATION,
        incremental=True,
        description="Our subscribers",
        tags={"Team": "DataScience"},
        removal_policy=RemovalPolicy.RETAIN,
        adopt="subscribers",
    )
    workflow.add_tag("Team", "DataScience")
    workflow.remove_tag("Team")
    assert_type(CfnMatchingWorkflow.arn_for_matching_workflow(workflow), str)
    assert_type(workflow.name, str)
    assert_type(workflow.role_arn, str)
    read_matching_workflow(workflow)
    return workflow


def match_in_other_ways(
    scope: Construct,
    inputs: list[TableInput],
    output: MatchingWorkflowOutput,
    provider: CfnMatchingWorkflow.ProviderPropertiesProperty,
    role: Role,
) -> None:
    MatchingWorkflow(
        scope,
        "OfConditions",
        name="of-conditions",
        inputs=inputs,
        output=output,
        rule_conditions={"Email": "Exact(Email)"},
        transitive_matching=True,
        real_time_matching=False,
    )
    MatchingWorkflow(
        scope, "OfModel", name="of-model", inputs=inputs, output=output, machine_learning=True
    )
    MatchingWorkflow(
        scope,
        "OfProvider",
        name="of-provider",
        inputs=inputs,
        output=output,
        provider=provider,
        role=role,
    )


def read_matching_workflow(workflow: IMatchingWorkflow) -> None:
    assert_type(workflow.matching_workflow_arn, str)
    assert_type(workflow.matching_workflow_name, str)
    assert_type(workflow.matching_workflow_ref, MatchingWorkflowReference)
    assert_type(workflow.grants, MatchingWorkflowGrants)
    as_reference: IMatchingWorkflowRef = workflow
    use(as_reference)


def import_matching_workflows(
    scope: Construct, l1: CfnMatchingWorkflow, grantee: IGrantable
) -> None:
    existing = MatchingWorkflow.from_existing(scope, "A", matching_workflow_name="subscribers")
    assert_type(existing, IMatchingWorkflow)
    by_arn = MatchingWorkflow.from_matching_workflow_arn(scope, "B", "arn:…")
    assert_type(by_arn, IMatchingWorkflow)
    looked_up = MatchingWorkflow.from_lookup(scope, "C", matching_workflow_name="subscribers")
    assert_type(looked_up, ILookedUpMatchingWorkflow)
    assert_type(looked_up.role_arn, str)
    assert_type(MatchingWorkflowGrants.from_matching_workflow(l1), MatchingWorkflowGrants)
    assert_type(existing.grants.run(grantee), Grant)
    assert_type(existing.run_on("EveryNight", ScheduleExpression.cron(hour="1")), Schedule)


def declare_namespaces(
    scope: Construct,
    inputs: list[TableInput],
    workflow: MatchingWorkflow,
    provider: CfnIdNamespace.NamespaceProviderPropertiesProperty,
    role: Role,
) -> tuple[IdNamespace, IdNamespace]:
    source = IdNamespace.source(
        scope,
        "Source",
        name="customers",
        inputs=inputs,
        rules={"Email": ["Email"]},
        rule_definition_types=[RuleDefinitionType.SOURCE, RuleDefinitionType.TARGET],
        attribute_matching_model=AttributeMatchingModel.MANY_TO_MANY,
        record_matching_models=[
            RecordMatchingModel.ONE_SOURCE_TO_ONE_TARGET,
            RecordMatchingModel.MANY_SOURCE_TO_ONE_TARGET,
        ],
        role=role,
        description="Our customers",
        tags={"Team": "DataScience"},
        removal_policy=RemovalPolicy.RETAIN,
        adopt="customers",
    )
    target = IdNamespace.target(scope, "Target", name="subscribers", matching_workflow=workflow)
    for type in (IdNamespaceType.SOURCE, IdNamespaceType.TARGET):
        IdNamespace(
            scope,
            f"OfProvider{type}",
            name=f"of-provider-{type.lower()}",
            type=type,
            inputs=[workflow],
            provider=provider,
            role=role,
        )
    source.add_tag("Team", "DataScience")
    source.remove_tag("Team")
    assert_type(CfnIdNamespace.arn_for_id_namespace(source), str)
    assert_type(source.type, str)
    assert_type(source.role_arn, str)
    read_namespace(source)
    return source, target


def read_namespace(namespace: IIdNamespace) -> None:
    assert_type(namespace.id_namespace_arn, str)
    assert_type(namespace.id_namespace_name, str)
    assert_type(namespace.id_namespace_ref, IdNamespaceReference)
    assert_type(namespace.grants, IdNamespaceGrants)
    as_reference: IIdNamespaceRef = namespace
    use(as_reference)


def import_namespaces(scope: Construct, l1: CfnIdNamespace, partner: AccountPrincipal) -> None:
    existing = IdNamespace.from_existing(scope, "A", id_namespace_name="customers")
    assert_type(existing, IIdNamespace)
    assert_type(IdNamespace.from_id_namespace_arn(scope, "B", "arn:…"), IIdNamespace)
    looked_up = IdNamespace.from_lookup(scope, "C", id_namespace_name="customers")
    assert_type(looked_up, ILookedUpIdNamespace)
    assert_type(looked_up.type, str)
    assert_type(IdNamespaceGrants.from_id_namespace(l1), IdNamespaceGrants)
    grants = existing.grants
    assert_type(grants.use(partner), Grant)


def map_namespaces(
    scope: Construct,
    source: IdNamespace,
    target: IIdNamespace,
    provider: CfnIdMappingWorkflow.ProviderPropertiesProperty,
    key: Key,
    role: Role,
) -> IdMappingWorkflow:
    workflow = IdMappingWorkflow(
        scope,
        "Workflow",
        name="customers-to-subscribers",
        source=source,
        target=target,
        rule_definition_type=RuleDefinitionType.TARGET,
        attribute_matching_model=AttributeMatchingModel.ONE_TO_ONE,
        record_matching_model=RecordMatchingModel.ONE_SOURCE_TO_ONE_TARGET,
        normalization_version="1.0",
        incremental=True,
        output=WorkflowOutput(bucket="mapped", prefix="customers", encryption_key=key),
        role=role,
        description="Our customers",
        tags={"Team": "DataScience"},
        removal_policy=RemovalPolicy.RETAIN,
        adopt="customers-to-subscribers",
    )
    IdMappingWorkflow(
        scope,
        "OfProvider",
        name="of-provider",
        source="arn:…",
        target="arn:…",
        provider=provider,
        role=role,
    )
    workflow.add_tag("Team", "DataScience")
    workflow.remove_tag("Team")
    assert_type(CfnIdMappingWorkflow.arn_for_id_mapping_workflow(workflow), str)
    assert_type(workflow.name, str)
    assert_type(workflow.role_arn, str)
    read_workflow(workflow)
    return workflow


def read_workflow(workflow: IIdMappingWorkflow) -> None:
    assert_type(workflow.id_mapping_workflow_arn, str)
    assert_type(workflow.id_mapping_workflow_name, str)
    assert_type(workflow.id_mapping_workflow_ref, IdMappingWorkflowReference)
    assert_type(workflow.grants, IdMappingWorkflowGrants)
    as_reference: IIdMappingWorkflowRef = workflow
    use(as_reference)


def import_workflows(scope: Construct, l1: CfnIdMappingWorkflow, grantee: IGrantable) -> None:
    existing = IdMappingWorkflow.from_existing(scope, "A", id_mapping_workflow_name="customers")
    assert_type(existing, IIdMappingWorkflow)
    by_arn = IdMappingWorkflow.from_id_mapping_workflow_arn(scope, "B", "arn:…")
    assert_type(by_arn, IIdMappingWorkflow)
    looked_up = IdMappingWorkflow.from_lookup(scope, "C", id_mapping_workflow_name="customers")
    assert_type(looked_up, ILookedUpIdMappingWorkflow)
    assert_type(looked_up.role_arn, str)
    assert_type(IdMappingWorkflowGrants.from_id_mapping_workflow(l1), IdMappingWorkflowGrants)
    assert_type(existing.grants.run(grantee), Grant)


def explain(error: ValidationError) -> None:
    assert_type(error.construct_path, str)
    assert_type(error.problems, tuple[Problem, ...])
    for problem in error.problems:
        assert_type(problem.property, str)
        assert_type(problem.value, object)
        assert_type(problem.message, str)
        assert_type(problem.code, str)
    as_value_error: ValueError = error
    use(as_value_error)


def configure_tables(
    scope: Construct, table: CfnTable, bucket: Bucket, key: Key, template: IAnalysisTemplate
) -> ConfiguredTable:
    configured = ConfiguredTable(
        scope,
        "Orders",
        name="orders",
        table=GlueTable(
            table=table, bucket=bucket, prefix="orders/", encryption_key=key, region="eu-west-1"
        ),
        allowed_columns=["order_id", "region"],
        analysis_methods=[AnalysisMethod.DIRECT_QUERY, "DIRECT_JOB"],
        analysis_rule=CustomAnalysisRule(
            allowed_analyses=[template, "arn:…"],
            disallowed_output_columns=["order_id"],
            aggregation_threshold=AggregationThreshold(
                identity_column="order_id",
                minimum_identity_count=2,
                allowed_aggregate_expression_type=AggregateExpressionType.ANY_EXPRESSION,
                output_column_thresholds={"region": 0},
            ),
            literal_comparison_columns=[],
            column_comparison_columns=["region"],
            additional_analyses=AdditionalAnalyses.NOT_ALLOWED,
        ),
        description="Our orders",
        tags={"Team": "DataScience"},
        removal_policy=RemovalPolicy.RETAIN,
        adopt=True,
    )
    assert_type(configured.name, str)
    assert_type(CfnConfiguredTable.arn_for_configured_table(configured), str)
    read_configured_table(configured)
    return configured


def rules_and_sources(table: CfnTable, secret: Secret) -> None:
    use(
        AggregationAnalysisRule(
            aggregate_columns={AggregateFunction.SUM: ["amount"], "COUNT": ["order_id"]},
            join_columns=["order_id"],
            dimension_columns=["region"],
            scalar_functions=[ScalarFunction.ROUND, "TRUNC"],
            output_constraints={"order_id": 100},
            join_required=True,
            allowed_join_operators=[JoinOperator.AND, "OR"],
        ),
        ListAnalysisRule(join_columns=["order_id"], list_columns=["region"]),
        CustomAnalysisRule(
            allowed_analyses=[AnyAnalysis.ANY_QUERY],
            allowed_analysis_providers=["444455556666"],
            differential_privacy_column="order_id",
        ),
        AthenaTable(
            table=table,
            work_group="primary",
            output_bucket="results",
            output_prefix="athena",
            output_trailing_slash=False,
            catalog_name="AwsDataCatalog",
        ),
        SnowflakeTable(
            secret=secret,
            account_identifier="example-prod",
            database="CRM",
            schema="PUBLIC",
            table="ORDERS",
            columns={"order_id": "VARCHAR"},
        ),
    )


def read_configured_table(table: IConfiguredTable) -> None:
    assert_type(table.configured_table_arn, str)
    assert_type(table.configured_table_identifier, str)
    assert_type(table.configured_table_ref, ConfiguredTableReference)
    assert_type(table.grants, ConfiguredTableGrants)
    as_reference: IConfiguredTableRef = table
    use(as_reference)


def associate_tables(
    scope: Construct,
    table: IConfiguredTable,
    membership: Membership,
    member: Member,
    creator: Member[None],
    role: Role,
) -> None:
    association = table.associate(
        "InCollaboration",
        membership=membership,
        name="orders",
        role=role,
        collaboration_rule=True,
        result_receivers=[member, creator, "444455556666"],
        allowed_additional_analyses=["arn:…"],
        query_runner_membership=membership,
        member_memberships=["arn:…"],
        analysis_rule_type=AnalysisRuleType.CUSTOM,
        description="Our orders",
        tags={"Team": "DataScience"},
        removal_policy=RemovalPolicy.RETAIN,
        adopt=True,
    )
    assert_type(association, ConfiguredTableAssociation)
    assert_type(association.role, Role | None)
    assert_type(
        CfnConfiguredTableAssociation.arn_for_configured_table_association(association), str
    )
    read_table_association(association)
    PrivacyBudgetTemplate(
        scope,
        "Use",
        budget=AccessBudget(
            association=association,
            per_period=PeriodBudget(100, BudgetPeriod.WEEK, refresh=True),
            lifetime=5000,
        ),
    )
    budget = PrivacyBudgetTemplate(
        scope,
        "Privacy",
        membership=membership,
        budget=DifferentialPrivacyBudget(epsilon=3, users_noise_per_query=30, refresh_monthly=True),
        tags={"Team": "DataScience"},
        removal_policy=RemovalPolicy.RETAIN,
        adopt=True,
    )
    assert_type(CfnPrivacyBudgetTemplate.arn_for_privacy_budget_template(budget), str)
    read_budget(budget)


def read_table_association(association: IConfiguredTableAssociation) -> None:
    assert_type(association.configured_table_association_arn, str)
    assert_type(association.configured_table_association_identifier, str)
    assert_type(association.configured_table_association_ref, ConfiguredTableAssociationReference)
    assert_type(association.membership_arn, str)
    assert_type(association.grants, ConfiguredTableAssociationGrants)
    as_reference: IConfiguredTableAssociationRef = association
    use(as_reference)


def read_budget(budget: IPrivacyBudgetTemplate) -> None:
    assert_type(budget.privacy_budget_template_arn, str)
    assert_type(budget.privacy_budget_template_identifier, str)
    assert_type(budget.privacy_budget_template_ref, PrivacyBudgetTemplateReference)
    assert_type(budget.grants, PrivacyBudgetTemplateGrants)
    as_reference: IPrivacyBudgetTemplateRef = budget
    use(as_reference)


def declare_templates(scope: Construct, membership: CfnMembership, bucket: Bucket) -> None:
    template = AnalysisTemplate(
        scope,
        "Overlap",
        membership=membership,
        name="overlap",
        source=SqlSource.from_file("overlap.sql"),
        parameters={
            "since": ParameterType.DATE,
            "until": "DATE",
            "at": Parameter(type="DATE", default="2027-01-01"),
        },
        referenced_tables=["orders"],
        description="Who is both",
        tags={"Team": "DataScience"},
        removal_policy=RemovalPolicy.RETAIN,
        adopt=True,
    )
    AnalysisTemplate(
        scope,
        "Script",
        membership="a1b2c3d4-5678-90ab-cdef-111111111111",
        name="script",
        source=PySparkSource(
            bucket=bucket, entry_point="a.py", virtual_environment="b.tar.gz", role="arn:…"
        ),
        detailed_error_messages=True,
    )
    assert_type(template.collaboration_arn, str)
    assert_type(template.role, Role | None)
    assert_type(CfnAnalysisTemplate.arn_for_analysis_template(template), str)
    read_template(template)


def read_template(template: IAnalysisTemplate) -> None:
    assert_type(template.analysis_template_arn, str)
    assert_type(template.analysis_template_identifier, str)
    assert_type(template.analysis_template_ref, AnalysisTemplateReference)
    assert_type(template.grants, AnalysisTemplateGrants)
    as_reference: IAnalysisTemplateRef = template
    use(as_reference)


def import_for_queries(scope: Construct, grantee: IGrantable, membership: IMembership) -> None:
    identifier = "a1b2c3d4-5678-90ab-cdef-222222222222"
    table = ConfiguredTable.from_existing(scope, "A", configured_table_identifier=identifier)
    assert_type(table, IConfiguredTable)
    assert_type(ConfiguredTable.from_configured_table_arn(scope, "B", "arn:…"), IConfiguredTable)
    looked_up = ConfiguredTable.from_lookup(scope, "C", configured_table_identifier=identifier)
    assert_type(looked_up, ILookedUpConfiguredTable)
    assert_type(looked_up.name, str)
    association = ConfiguredTableAssociation.from_existing(
        scope, "D", membership=membership, configured_table_association_identifier=identifier
    )
    assert_type(association, IConfiguredTableAssociation)
    found = ConfiguredTableAssociation.from_lookup(
        scope,
        "E",
        membership_identifier=identifier,
        configured_table_association_identifier=identifier,
    )
    assert_type(found, ILookedUpConfiguredTableAssociation)
    template = AnalysisTemplate.from_existing(
        scope, "F", membership=membership, analysis_template_identifier=identifier
    )
    assert_type(template, IAnalysisTemplate)
    budget = PrivacyBudgetTemplate.from_existing(
        scope, "G", membership=membership, privacy_budget_template_identifier=identifier
    )
    assert_type(budget, IPrivacyBudgetTemplate)
    assert_type(table.grants.associate(grantee, membership), Grant)
    assert_type(association.grants.read(grantee), Grant)
    assert_type(template.grants.manage(grantee), Grant)
    assert_type(budget.grants.actions(grantee, "cleanrooms:TagResource"), Grant)
    ConfiguredTableAssociation(
        scope,
        "H",
        membership=membership,
        configured_table=table,
        name="orders",
        role="arn:…",
    )
    use(
        ConfiguredTableAssociation.from_configured_table_association_arn(scope, "I", "arn:…"),
        AnalysisTemplate.from_analysis_template_arn(scope, "J", "arn:…"),
        PrivacyBudgetTemplate.from_privacy_budget_template_arn(scope, "K", "arn:…"),
        ConfiguredTableGrants.from_configured_table(table),
        ConfiguredTableAssociationGrants.from_configured_table_association(association),
        AnalysisTemplateGrants.from_analysis_template(template),
        PrivacyBudgetTemplateGrants.from_privacy_budget_template(budget),
    )


def name_every_choice() -> None:
    use(
        AdditionalAnalyses.ALLOWED,
        AdditionalAnalyses.REQUIRED,
        AggregateExpressionType.COLUMNS_ONLY,
        AggregateFunction.SUM_DISTINCT,
        AggregateFunction.COUNT_DISTINCT,
        AggregateFunction.AVG,
        AnalysisRuleType.AGGREGATION,
        AnalysisRuleType.LIST,
        AnyAnalysis.ANY_JOB,
        BudgetPeriod.DAY,
        BudgetPeriod.MONTH,
        ParameterType.SMALLINT,
        ParameterType.INTEGER,
        ParameterType.BIGINT,
        ParameterType.DECIMAL,
        ParameterType.REAL,
        ParameterType.DOUBLE_PRECISION,
        ParameterType.BOOLEAN,
        ParameterType.CHAR,
        ParameterType.TIMESTAMP,
        ParameterType.TIMESTAMPTZ,
        ParameterType.TIME,
        ParameterType.TIMETZ,
        ParameterType.VARBYTE,
        ParameterType.BINARY,
        ParameterType.BYTE,
        ParameterType.CHARACTER,
        ParameterType.DOUBLE,
        ParameterType.FLOAT,
        ParameterType.INT,
        ParameterType.LONG,
        ParameterType.NUMERIC,
        ParameterType.SHORT,
        ParameterType.TIMESTAMP_LTZ,
        ParameterType.TIMESTAMP_NTZ,
        ParameterType.TINYINT,
        ScalarFunction.ABS,
        ScalarFunction.CEILING,
        ScalarFunction.FLOOR,
        ScalarFunction.LN,
        ScalarFunction.LOG,
        ScalarFunction.SQRT,
        ScalarFunction.CAST,
        ScalarFunction.LOWER,
        ScalarFunction.RTRIM,
        ScalarFunction.UPPER,
        ScalarFunction.COALESCE,
        ScalarFunction.CONVERT,
        ScalarFunction.CURRENT_DATE,
        ScalarFunction.DATEADD,
        ScalarFunction.EXTRACT,
        ScalarFunction.GETDATE,
        ScalarFunction.SUBSTRING,
        ScalarFunction.TO_CHAR,
        ScalarFunction.TO_DATE,
        ScalarFunction.TO_NUMBER,
        ScalarFunction.TO_TIMESTAMP,
        ScalarFunction.TRIM,
    )
