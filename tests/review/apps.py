"""Apps of L1s and of L2s whose templates contain what the review compares."""

from __future__ import annotations

from typing import Any

from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template as Synthesized
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
    CfnPolicyStatement,
    CfnSchemaMapping,
)
from aws_cdk.aws_iam import AccountPrincipal

from cdk_cleanrooms import (
    AccessBudget,
    AggregationAnalysisRule,
    AnalysisTemplate,
    Collaboration,
    ConfiguredTable,
    CustomAnalysisRule,
    GlueTable,
    IdMappingTable,
    IdMappingWorkflow,
    IdNamespace,
    IdNamespaceAssociation,
    ListAnalysisRule,
    MatchingWorkflow,
    MatchingWorkflowOutput,
    Member,
    Membership,
    PrivacyBudgetTemplate,
    SchemaInputAttribute,
    SchemaMapping,
    SqlSource,
    TableInput,
)

from .templates import PARTNER, Template, aggregation_rule, custom_rule, list_rule

_ACCOUNT = "111122223333"
_TABLE = f"arn:aws:glue:us-east-1:{_ACCOUNT}:table/crm"
_ROLE = f"arn:aws:iam::{_ACCOUNT}:role/clean-rooms"
_NAMESPACE = f"arn:aws:entityresolution:us-east-1:{_ACCOUNT}:idnamespace/customers"


def _stack() -> Stack:
    return Stack(App(), "App", env=Environment(account=_ACCOUNT, region="us-east-1"))


def _template(stack: Stack) -> Template:
    return {**Synthesized.from_stack(stack).to_json()}


def app_of_l2s() -> Template:
    """Return the template of an app of L2s."""
    stack = _stack()
    room = Collaboration(
        stack,
        "Room",
        name="overlap",
        description="Who is both",
        creator=Member(display_name="Advertiser", abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"]),
        members=[Member(account_id=PARTNER, display_name="Publisher")],
    )
    us = Membership(stack, "Us", collaboration=room)
    reach = AnalysisTemplate(
        stack, "Reach", membership=us, name="reach", source=SqlSource("SELECT 1")
    )
    columns = ["id", "region", "amount"]
    rules: dict[str, AggregationAnalysisRule | ListAnalysisRule | CustomAnalysisRule] = {
        "orders": AggregationAnalysisRule(
            aggregate_columns={"SUM": ["amount"]},
            join_columns=["id"],
            dimension_columns=["region"],
            output_constraints={"id": 100},
        ),
        "visits": ListAnalysisRule(join_columns=["id"], list_columns=["region"]),
        "views": CustomAnalysisRule(allowed_analyses=[reach]),
    }
    for name, rule in rules.items():
        data = GlueTable(table=f"{_TABLE}/{name}", bucket="crm-data", prefix=name)
        table = ConfiguredTable(
            stack, name, name=name, table=data, allowed_columns=columns, analysis_rule=rule
        )
        association = table.associate("InRoom", membership=us)
        if name == "orders":
            budget = AccessBudget(association=association, lifetime=500)
            PrivacyBudgetTemplate(stack, "Budget", budget=budget)
    fields = [
        SchemaInputAttribute(field_name="id", type="UNIQUE_ID"),
        SchemaInputAttribute(field_name="email", type="EMAIL_ADDRESS", match_key="Email"),
    ]
    schema = SchemaMapping(stack, "Schema", name="customers", mapped_input_fields=fields)
    customers = TableInput(
        table=f"{_TABLE}/customers", schema_mapping=schema, bucket="crm-data", prefix="customers"
    )
    source = IdNamespace.source(stack, "Source", name="customers", inputs=[customers])
    source.grants.use(AccountPrincipal(PARTNER))
    matching = MatchingWorkflow(
        stack,
        "Matching",
        name="subscribers",
        inputs=[customers],
        output=MatchingWorkflowOutput(bucket="crm-data", prefix="matched"),
        rules={"Email": ["Email"]},
    )
    target = IdNamespace.target(stack, "Target", name="subscribers", matching_workflow=matching)
    associations = [
        IdNamespaceAssociation(
            stack, f"Associate{it.node.id}", membership=us, id_namespace=it, name=it.node.id
        )
        for it in (source, target)
    ]
    workflow = IdMappingWorkflow(stack, "Link", name="link", source=source, target=target)
    IdMappingTable(
        stack,
        "Mapping",
        membership=us,
        id_mapping_workflow=workflow,
        name="mapping",
        source=associations[0],
        target=associations[1],
    )
    return _template(stack)


def _camel(node: Any) -> Any:
    """Return properties as the L1s take them, with names that begin in lower case."""
    if isinstance(node, dict):
        return {key[0].lower() + key[1:]: _camel(item) for key, item in node.items()}
    return [_camel(item) for item in node] if isinstance(node, list) else node


def app_of_l1s() -> Template:
    """Return the template of an app of L1s."""
    stack = _stack()
    room = CfnCollaboration(
        stack,
        "Room",
        name="overlap",
        description="Who is both",
        creator_display_name="Advertiser",
        creator_member_abilities=["CAN_QUERY"],
        query_log_status="ENABLED",
        members=[{"accountId": PARTNER, "displayName": "Publisher", "memberAbilities": []}],
    )
    us = CfnMembership(
        stack,
        "Us",
        collaboration_identifier=room.attr_collaboration_identifier,
        query_log_status="ENABLED",
    )
    membership = us.attr_membership_identifier
    rules = {"orders": aggregation_rule(), "visits": list_rule(), "views": custom_rule()}
    for name, rule in rules.items():
        table = CfnConfiguredTable(
            stack,
            name,
            name=name,
            allowed_columns=["id", "region", "amount"],
            analysis_method="DIRECT_QUERY",
            table_reference={"glue": {"databaseName": "crm", "tableName": name}},
            analysis_rules=_camel(rule),
        )
        kind = rule[0]["Type"]
        receivers = {kind.lower(): {"allowedResultReceivers": [PARTNER]}}
        CfnConfiguredTableAssociation(
            stack,
            f"{name}InRoom",
            membership_identifier=membership,
            configured_table_identifier=table.attr_configured_table_identifier,
            name=name,
            role_arn=_ROLE,
            configured_table_association_analysis_rules=[
                {"type": kind, "policy": {"v1": receivers}}
            ],
        )
    CfnAnalysisTemplate(
        stack,
        "Reach",
        membership_identifier=membership,
        name="reach",
        format="SQL",
        source={"text": "SELECT 1"},
    )
    CfnPrivacyBudgetTemplate(
        stack,
        "Budget",
        membership_identifier=membership,
        privacy_budget_type="DIFFERENTIAL_PRIVACY",
        auto_refresh="NONE",
        parameters={"epsilon": 3, "usersNoisePerQuery": 10},
    )
    CfnSchemaMapping(
        stack,
        "Schema",
        schema_name="customers",
        mapped_input_fields=[
            {"fieldName": "id", "type": "UNIQUE_ID"},
            {"fieldName": "email", "type": "EMAIL_ADDRESS", "matchKey": "Email"},
        ],
    )
    namespace = CfnIdNamespace(stack, "Source", id_namespace_name="customers", type="SOURCE")
    CfnPolicyStatement(
        stack,
        "Use",
        arn=_NAMESPACE,
        statement_id="Use",
        effect="Allow",
        action=["entityresolution:GetIdNamespace"],
        principal=[PARTNER],
    )
    inputs = [{"inputSourceArn": namespace.attr_id_namespace_arn, "type": "SOURCE"}]
    CfnIdMappingWorkflow(
        stack,
        "Link",
        workflow_name="link",
        role_arn=_ROLE,
        input_source_config=inputs,
        id_mapping_techniques={"idMappingType": "RULE_BASED"},
    )
    CfnMatchingWorkflow(
        stack,
        "Matching",
        workflow_name="subscribers",
        role_arn=_ROLE,
        input_source_config=[{"inputSourceArn": f"{_TABLE}/a", "schemaArn": "arn:schema"}],
        output_source_config=[{"outputS3Path": "s3://crm-data/", "output": [{"name": "id"}]}],
        resolution_techniques={"resolutionType": "RULE_MATCHING"},
    )
    for kind in (CfnIdNamespaceAssociation, CfnIdMappingTable):
        kind(
            stack,
            kind.__name__,
            membership_identifier=membership,
            name=kind.__name__,
            input_reference_config={
                "inputReferenceArn": namespace.attr_id_namespace_arn,
                "manageResourcePolicies": False,
            },
        )
    return _template(stack)
