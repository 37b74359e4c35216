"""Samples of a configured table."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_cleanrooms import CfnAnalysisTemplate, CfnConfiguredTable
from aws_cdk.aws_glue import CfnDatabase, CfnTable

from cdk_cleanrooms import (
    ConfiguredTable,
    ConfiguredTableGrants,
    CustomAnalysisRule,
    GlueTable,
)
from tests.samples import (
    CONFIGURED_TABLE_ARN,
    CONFIGURED_TABLE_ID,
    GLUE_TABLE_ARN,
    MEMBERSHIP_ID,
    TEMPLATE_ARN,
)

from . import Sample

_L1 = CfnConfiguredTable


def reference(database: str, table: str) -> CfnConfiguredTable.TableReferenceProperty:
    """Return the reference to a table of AWS Glue."""
    return _L1.TableReferenceProperty(
        glue=_L1.GlueTableReferenceProperty(database_name=database, table_name=table)
    )


def _rule(template: str) -> list[CfnConfiguredTable.AnalysisRuleProperty]:
    custom = _L1.AnalysisRuleCustomProperty(allowed_analyses=[template])
    v1 = _L1.ConfiguredTableAnalysisRulePolicyV1Property(custom=custom)
    policy = _L1.ConfiguredTableAnalysisRulePolicyProperty(v1=v1)
    return [_L1.AnalysisRuleProperty(type="CUSTOM", policy=policy)]


def _constructs(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    database = CfnDatabase(
        stack,
        "Database",
        catalog_id=stack.account,
        database_input=CfnDatabase.DatabaseInputProperty(name="crm"),
    )
    table = CfnTable(
        stack,
        "Table",
        catalog_id=stack.account,
        database_name=database.ref,
        table_input=CfnTable.TableInputProperty(),
    )
    template = CfnAnalysisTemplate(
        stack,
        "Template",
        membership_identifier=MEMBERSHIP_ID,
        name="overlap",
        format="SQL",
        source=CfnAnalysisTemplate.AnalysisSourceProperty(text="SELECT 1"),
    )
    rule = CustomAnalysisRule(allowed_analyses=[template])
    return {"table": GlueTable(table=table), "analysis_rule": rule}, {
        "table_reference": reference(database.ref, table.ref),
        "analysis_rules": _rule(template.attr_arn),
    }


SAMPLE = Sample(
    construct=ConfiguredTable,
    l1=CfnConfiguredTable,
    grants=ConfiguredTableGrants,
    minimal={
        "name": "orders",
        "table": GlueTable(table=GLUE_TABLE_ARN, region="us-east-1"),
        "allowed_columns": ["order_id", "region"],
    },
    l1_minimal={
        "name": "orders",
        "table_reference": _L1.TableReferenceProperty(
            glue=_L1.GlueTableReferenceProperty(
                database_name="crm", table_name="orders", region="us-east-1"
            )
        ),
        "allowed_columns": ["order_id", "region"],
        "analysis_method": "DIRECT_QUERY",
    },
    full={
        "analysis_methods": ["DIRECT_QUERY", "DIRECT_JOB"],
        "analysis_rule": CustomAnalysisRule(allowed_analyses=[TEMPLATE_ARN]),
        "description": "Our orders",
    },
    l1_full={
        "analysis_method": "MULTIPLE",
        "selected_analysis_methods": ["DIRECT_QUERY", "DIRECT_JOB"],
        "analysis_rules": _rule(TEMPLATE_ARN),
        "description": "Our orders",
    },
    constructs=_constructs,
    is_unique=False,
    identifier=CONFIGURED_TABLE_ID,
    primary_identifier={"ConfiguredTableIdentifier": CONFIGURED_TABLE_ID},
    arn=CONFIGURED_TABLE_ARN,
    from_arn="from_configured_table_arn",
    existing={"configured_table_identifier": CONFIGURED_TABLE_ID},
    lookup={"configured_table_identifier": CONFIGURED_TABLE_ID},
    looked_up={"name": ("Name", "our_orders")},
    attributes={
        "configured_table_arn": "Arn",
        "configured_table_identifier": "ConfiguredTableIdentifier",
    },
    known={"configured_table_identifier": CONFIGURED_TABLE_ID},
    arns={"configured_table_arn": CONFIGURED_TABLE_ARN},
    other_grants=["associate"],
    permissions={
        "read": {
            "configured_table_arn": [
                "cleanrooms:GetConfiguredTable",
                "cleanrooms:GetConfiguredTableAnalysisRule",
            ],
        },
        "manage": {
            "configured_table_arn": [
                "cleanrooms:CreateConfiguredTableAnalysisRule",
                "cleanrooms:DeleteConfiguredTable",
                "cleanrooms:DeleteConfiguredTableAnalysisRule",
                "cleanrooms:TagResource",
                "cleanrooms:UntagResource",
                "cleanrooms:UpdateConfiguredTable",
                "cleanrooms:UpdateConfiguredTableAllowedColumns",
                "cleanrooms:UpdateConfiguredTableAnalysisRule",
                "cleanrooms:UpdateConfiguredTableReference",
            ],
        },
    },
)
