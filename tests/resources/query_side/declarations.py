"""Declarations for several test files."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack

from cdk_cleanrooms import (
    AggregationAnalysisRule,
    Collaboration,
    ConfiguredTable,
    CustomAnalysisRule,
    GlueTable,
    Member,
    Membership,
)
from tests.samples import GLUE_TABLE_ARN

COLUMNS = ["order_id", "email_hash", "region", "amount"]
PARTNER = "444455556666"
ANALYST = Member(
    account_id=PARTNER, display_name="Analyst", abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"]
)


def aggregation(**arguments: Any) -> AggregationAnalysisRule:
    """Return a rule for aggregations, with the given arguments instead of valid ones."""
    return AggregationAnalysisRule(
        **{
            "aggregate_columns": {"SUM": ["amount"], "COUNT_DISTINCT": ["order_id"]},
            "join_columns": ["email_hash"],
            "dimension_columns": ["region"],
            "output_constraints": {"email_hash": 100},
            **arguments,
        }
    )


def custom(**arguments: Any) -> CustomAnalysisRule:
    """Return a custom rule that allows the partner to run any query."""
    return CustomAnalysisRule(
        **{
            "allowed_analyses": ["ANY_QUERY"],
            "allowed_analysis_providers": [PARTNER],
            **arguments,
        }
    )


def orders(stack: Stack, id: str = "Orders", **arguments: Any) -> ConfiguredTable:
    """Declare a configured table, with the given arguments instead of valid ones."""
    return ConfiguredTable(
        stack,
        id,
        **{
            "name": "orders",
            "table": GlueTable(table=GLUE_TABLE_ARN, bucket="data", prefix="orders/"),
            "allowed_columns": COLUMNS,
            "analysis_rule": aggregation(),
            **arguments,
        },
    )


def membership(
    stack: Stack, *members: Member, creator: Member[Any] | None = None, **arguments: Any
) -> Membership:
    """Declare a membership of the creator of a collaboration."""
    collaboration = Collaboration(
        stack,
        "Collaboration",
        name="audience-overlap",
        description="Which customers we share",
        creator=creator or Member(display_name="Publisher"),
        members=members or [ANALYST],
    )
    return Membership(stack, "Membership", collaboration=collaboration, **arguments)
