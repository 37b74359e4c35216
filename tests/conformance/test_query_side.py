"""Tests of the resources for queries against the resource schemas and the models of the API.

Many properties are objects with rules of their own, so these tests compare whole resources: the
local cloud validates them first by CloudFormation's schema and then by the API's model.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from aws_cdk import Stack

from cdk_cleanrooms import (
    AccessBudget,
    AdditionalAnalyses,
    AggregateFunction,
    AggregationThreshold,
    AnalysisMethod,
    AnalysisTemplate,
    AthenaTable,
    ConfiguredTable,
    ConfiguredTableAssociation,
    CustomAnalysisRule,
    DifferentialPrivacyBudget,
    GlueTable,
    JoinOperator,
    ListAnalysisRule,
    Parameter,
    ParameterType,
    PeriodBudget,
    PrivacyBudgetTemplate,
    PySparkSource,
    ScalarFunction,
    SnowflakeTable,
    SqlSource,
    ValidationError,
)
from cdk_cleanrooms._core import checks
from cdk_cleanrooms.clean_rooms.analysis_rules import column
from cdk_cleanrooms.clean_rooms.analysis_sources import _parameter_name
from cdk_cleanrooms.clean_rooms.memberships import table_alias
from cdk_cleanrooms.clean_rooms.table_sources import (
    _catalog,
    _database,
    _glue_table,
    _work_group,
)
from cdk_cleanrooms.local_cloud.clean_rooms import CleanRooms
from cdk_cleanrooms.local_cloud.handlers import HandlerError, ResourceType, resource_types
from cdk_cleanrooms.local_cloud.resource_schema import InvalidPropertiesError
from cdk_cleanrooms.local_cloud.service import Caller, World
from tests.helpers import resource_of
from tests.resources.query_side.declarations import COLUMNS, aggregation, custom
from tests.samples import (
    ACCOUNT,
    CONFIGURED_TABLE_ID,
    GLUE_TABLE_ARN,
    MEMBERSHIP_ARN,
    MEMBERSHIP_ID,
    REGION,
    ROLE_ARN,
    TABLE_ASSOCIATION_ARN,
    TEMPLATE_ARN,
)

from . import strategies
from .examples import for_each
from .oracles import Botocore, Oracle, Schema
from .properties import Property

CALLER = Caller(ACCOUNT, REGION)
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:snowflake"
MODEL = f"{MEMBERSHIP_ARN}/configuredaudiencemodelassociation/*"
ML_MODEL = "arn:aws:cleanrooms-ml:us-east-1:*:membership/*/configured-model-algorithm-association/*"

LEAST: dict[type, dict[str, Any]] = {
    ConfiguredTable: {
        "name": "orders",
        "table": GlueTable(table=GLUE_TABLE_ARN),
        "allowed_columns": COLUMNS,
    },
    ConfiguredTableAssociation: {
        "membership": MEMBERSHIP_ID,
        "configured_table": CONFIGURED_TABLE_ID,
        "name": "orders",
        "role": ROLE_ARN,
    },
    AnalysisTemplate: {
        "membership": MEMBERSHIP_ID,
        "name": "overlap",
        "source": SqlSource("SELECT 1"),
    },
    PrivacyBudgetTemplate: {
        "membership": MEMBERSHIP_ID,
        "budget": DifferentialPrivacyBudget(epsilon=3, users_noise_per_query=30),
    },
}


def snowflake(**arguments: Any) -> SnowflakeTable:
    return SnowflakeTable(
        **{
            "secret": SECRET,
            "account_identifier": "example-prod",
            "database": "CRM",
            "schema": "PUBLIC",
            "table": "ORDERS",
            "columns": {"order_id": "VARCHAR"},
            **arguments,
        }
    )


def athena(**arguments: Any) -> AthenaTable:
    return AthenaTable(**{"table": GLUE_TABLE_ARN, "work_group": "primary", **arguments})


def pyspark(**arguments: Any) -> PySparkSource:
    return PySparkSource(
        **{"bucket": "code", "entry_point": "a/b.py", "role": ROLE_ARN, **arguments}
    )


def access(**arguments: Any) -> AccessBudget:
    return AccessBudget(**{"association": TABLE_ASSOCIATION_ARN, "lifetime": 1, **arguments})


@pytest.fixture
def types() -> dict[str, ResourceType]:
    return {one.name: one for one in resource_types(CleanRooms(World()))}


def properties_of(stack: Stack, kind: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a resource with these arguments instead of valid ones."""
    construct = kind(stack, "Resource", **{**LEAST[kind], **arguments})
    properties: dict[str, Any] = resource_of(construct)["Properties"]
    return properties


ACCEPTED: list[tuple[Any, dict[str, Any]]] = [
    (ConfiguredTable, {"allowed_columns": [f"c{n}" for n in range(100)]}),
    (ConfiguredTable, {"allowed_columns": ["ab-c", "a b", "_", "c" * 128]}),
    (ConfiguredTable, {"description": "a\nb", "tags": {"Team": "Data"}}),
    (ConfiguredTable, {"analysis_methods": [*AnalysisMethod]}),
    (ConfiguredTable, {"table": GlueTable(table=GLUE_TABLE_ARN + " 2", region="us-west-1")}),
    (ConfiguredTable, {"table": athena(output_bucket="abc", catalog_name="a-b", region=REGION)}),
    (ConfiguredTable, {"table": athena(work_group="a.b_c-d")}),
    (ConfiguredTable, {"table": snowflake(account_identifier="a.b-c", table="Größe_1 2")}),
    (
        ConfiguredTable,
        {
            "analysis_rule": aggregation(
                scalar_functions=[*ScalarFunction],
                allowed_join_operators=[*JoinOperator],
                join_required=True,
                additional_analyses="ALLOWED",
            )
        },
    ),
    *(
        (
            ConfiguredTable,
            {"analysis_rule": aggregation(aggregate_columns={each: ["amount"]})},
        )
        for each in AggregateFunction
    ),
    *(
        (
            ConfiguredTable,
            {
                "analysis_rule": ListAnalysisRule(
                    join_columns=["order_id"], list_columns=[], additional_analyses=each
                )
            },
        )
        for each in AdditionalAnalyses
    ),
    (ConfiguredTable, {"analysis_rule": CustomAnalysisRule(allowed_analyses=[TEMPLATE_ARN])}),
    (ConfiguredTable, {"analysis_rule": custom(differential_privacy_column="order_id")}),
    (
        ConfiguredTable,
        {
            "analysis_rule": custom(
                disallowed_output_columns=["order_id"],
                aggregation_threshold=AggregationThreshold(
                    identity_column="email_hash",
                    minimum_identity_count=100_000,
                    allowed_aggregate_expression_type="ANY_EXPRESSION",
                    output_column_thresholds={"region": 0, "amount": 2},
                ),
                literal_comparison_columns=[],
                column_comparison_columns=["region"],
            )
        },
    ),
    (ConfiguredTableAssociation, {"collaboration_rule": False, "description": ""}),
    (ConfiguredTableAssociation, {"collaboration_rule": False, "name": "Our orders"}),
    *(
        (
            ConfiguredTableAssociation,
            {
                "analysis_rule_type": each,
                "result_receivers": [ACCOUNT],
                "allowed_additional_analyses": [MODEL, ML_MODEL],
            },
        )
        for each in ("AGGREGATION", "LIST", "CUSTOM")
    ),
    (AnalysisTemplate, {"source": SqlSource("x" * 90_000)}),
    (AnalysisTemplate, {"parameters": {each.lower(): each for each in ParameterType}}),
    (AnalysisTemplate, {"parameters": {"1a": Parameter(type="INT", default="1" * 1000)}}),
    (AnalysisTemplate, {"referenced_tables": ["orders", "our customers"]}),
    (
        AnalysisTemplate,
        {
            "source": pyspark(virtual_environment="!_.*'()+,-/"),
            "detailed_error_messages": True,
            "parameters": {"_a": "STRING"},
        },
    ),
    (
        PrivacyBudgetTemplate,
        {
            "budget": DifferentialPrivacyBudget(
                epsilon=20, users_noise_per_query=100, refresh_monthly=True
            )
        },
    ),
    *(
        (PrivacyBudgetTemplate, {"budget": access(per_period=PeriodBudget(1, each))})
        for each in ("DAY", "WEEK", "MONTH")
    ),
    (PrivacyBudgetTemplate, {"budget": access(lifetime=1_000_000)}),
]


@pytest.mark.parametrize(("kind", "arguments"), ACCEPTED, ids=lambda one: str(one)[:80])
def test_what_the_library_accepts_is_accepted_by_schema_and_model(
    kind: Any, arguments: dict[str, Any], types: dict[str, ResourceType], stack: Stack
) -> None:
    properties = properties_of(stack, kind, arguments)
    resource_type = types[f"AWS::CleanRooms::{kind.__name__}"]
    resource_type.create(CALLER, "Mine", properties)


_GLUE = ("TableReference", "Glue")
_ATHENA = ("TableReference", "Athena")
_SNOWFLAKE = ("TableReference", "Snowflake")
_RULE = ("AnalysisRules", 0, "Policy", "V1")
_CUSTOM = (*_RULE, "Custom")

# The arguments, the arguments of a valid resource with the property, its path, and the value that
# the arguments would write there.
REFUSED: list[tuple[Any, dict[str, Any], dict[str, Any], tuple[Any, ...], Any]] = [
    (ConfiguredTable, {"name": "orders\n"}, {}, ("Name",), "orders\n"),
    (ConfiguredTable, {"description": "\0"}, {}, ("Description",), "\0"),
    (ConfiguredTable, {"allowed_columns": []}, {}, ("AllowedColumns",), []),
    (
        ConfiguredTable,
        {"allowed_columns": [f"c{n}" for n in range(101)]},
        {},
        ("AllowedColumns",),
        [f"c{n}" for n in range(101)],
    ),
    (ConfiguredTable, {"allowed_columns": ["a-b"]}, {}, ("AllowedColumns",), ["a-b"]),
    (ConfiguredTable, {"allowed_columns": ["Id"]}, {}, ("AllowedColumns",), ["Id"]),
    (ConfiguredTable, {"allowed_columns": ["a\n"]}, {}, ("AllowedColumns",), ["a\n"]),
    (
        ConfiguredTable,
        {"table": GlueTable(table=GLUE_TABLE_ARN.replace("crm", "my crm"))},
        {},
        (*_GLUE, "DatabaseName"),
        "my crm",
    ),
    (
        ConfiguredTable,
        {"table": GlueTable(table=GLUE_TABLE_ARN.replace("orders", "orders.v2"))},
        {},
        (*_GLUE, "TableName"),
        "orders.v2",
    ),
    (
        ConfiguredTable,
        {"table": GlueTable(table=GLUE_TABLE_ARN, region="ap-southeast-3")},
        {},
        (*_GLUE, "Region"),
        "ap-southeast-3",
    ),
    (
        ConfiguredTable,
        {"table": athena(table=GLUE_TABLE_ARN.replace("orders", "a-b"))},
        {"table": athena()},
        (*_ATHENA, "TableName"),
        "a-b",
    ),
    (
        ConfiguredTable,
        {"table": athena(work_group="primary group")},
        {"table": athena()},
        (*_ATHENA, "WorkGroup"),
        "primary group",
    ),
    (
        ConfiguredTable,
        {"table": athena(output_bucket="/results/")},
        {"table": athena()},
        (*_ATHENA, "OutputLocation"),
        "/results/",
    ),
    (
        ConfiguredTable,
        {"table": athena(catalog_name="a b")},
        {"table": athena()},
        (*_ATHENA, "CatalogName"),
        "a b",
    ),
    *(
        (
            ConfiguredTable,
            {"table": snowflake(**{argument: value})},
            {"table": snowflake()},
            (*_SNOWFLAKE, property),
            value,
        )
        for argument, property, value in (
            ("secret", "SecretArn", "snowflake"),
            ("account_identifier", "AccountIdentifier", "acme/prod"),
            ("account_identifier", "AccountIdentifier", "ab"),
            ("database", "DatabaseName", "a.b"),
            ("schema", "SchemaName", ""),
            ("table", "TableName", "a.b"),
        )
    ),
    (
        ConfiguredTable,
        {"table": snowflake(columns={"ORDER_ID": "VARCHAR"})},
        {"table": snowflake()},
        (*_SNOWFLAKE, "TableSchema", "V1", 0, "ColumnName"),
        "ORDER_ID",
    ),
    *(
        (
            ConfiguredTable,
            {"analysis_rule": custom(**arguments)},
            {"analysis_rule": custom()},
            (*_CUSTOM, property),
            value,
        )
        for arguments, property, value in (
            ({"allowed_analyses": ["xANY_QUERYx"]}, "AllowedAnalyses", ["xANY_QUERYx"]),
            (
                {"allowed_analyses": [TEMPLATE_ARN.replace("template/", "templates/")]},
                "AllowedAnalyses",
                [TEMPLATE_ARN.replace("template/", "templates/")],
            ),
            (
                {"allowed_analysis_providers": ["abcdefghijk1"]},
                "AllowedAnalysisProviders",
                ["abcdefghijk1"],
            ),
            (
                {"differential_privacy_column": "User ID"},
                "DifferentialPrivacy",
                {"Columns": [{"Name": "User ID"}]},
            ),
            (
                {"literal_comparison_columns": ["region"]},
                "ComparisonControls",
                {"AllowedLiteralComparisonColumns": ["region"]},
            ),
            (
                {
                    "aggregation_threshold": AggregationThreshold(
                        identity_column="region", minimum_identity_count=1
                    )
                },
                "AggregationThresholds",
                [
                    {
                        "IdentityColumns": ["region"],
                        "MinimumIdentityCount": 1,
                        "Type": "COUNT_DISTINCT",
                        "AllowedAggregateExpressionType": "COLUMNS_ONLY",
                    }
                ],
            ),
        )
    ),
    (
        ConfiguredTable,
        {"analysis_rule": aggregation(output_constraints={"region": 2.5})},
        {"analysis_rule": aggregation()},
        (*_RULE, "Aggregation", "OutputConstraints", 0, "Minimum"),
        2.5,
    ),
    (
        ConfiguredTableAssociation,
        {"collaboration_rule": False, "name": "sales.orders"},
        {"collaboration_rule": False},
        ("Name",),
        "sales.orders",
    ),
    (
        ConfiguredTableAssociation,
        {"collaboration_rule": False, "role": ROLE_ARN + ",x"},
        {"collaboration_rule": False},
        ("RoleArn",),
        ROLE_ARN + ",x",
    ),
    (
        ConfiguredTableAssociation,
        {
            "analysis_rule_type": "LIST",
            "result_receivers": [ACCOUNT],
            "allowed_additional_analyses": ["any model"],
        },
        {"analysis_rule_type": "LIST", "result_receivers": [ACCOUNT]},
        (
            "ConfiguredTableAssociationAnalysisRules",
            *(0, "Policy", "V1", "List", "AllowedAdditionalAnalyses"),
        ),
        ["any model"],
    ),
    (AnalysisTemplate, {"source": SqlSource("x" * 90_001)}, {}, ("Source", "Text"), "x" * 90_001),
    (AnalysisTemplate, {"name": "a-b"}, {}, ("Name",), "a-b"),
    (
        AnalysisTemplate,
        {"parameters": {"a b": "DATE"}},
        {},
        ("AnalysisParameters",),
        [{"Name": "a b", "Type": "DATE"}],
    ),
    (
        AnalysisTemplate,
        {"source": pyspark(entry_point="a b")},
        {"source": pyspark()},
        ("Source", "Artifacts", "EntryPoint", "Location", "Key"),
        "a b",
    ),
    (
        AnalysisTemplate,
        {"source": pyspark(bucket="My_Bucket")},
        {"source": pyspark()},
        ("Source", "Artifacts", "EntryPoint", "Location", "Bucket"),
        "My_Bucket",
    ),
    (
        PrivacyBudgetTemplate,
        {"budget": DifferentialPrivacyBudget(epsilon=21, users_noise_per_query=30)},
        {},
        ("Parameters", "Epsilon"),
        21,
    ),
    (
        PrivacyBudgetTemplate,
        {"budget": access(lifetime=1_000_001)},
        {"budget": access()},
        ("Parameters", "BudgetParameters", 0, "Budget"),
        1_000_001,
    ),
    (
        PrivacyBudgetTemplate,
        {"budget": access(association="x")},
        {"budget": access()},
        ("Parameters", "ResourceArn"),
        "x",
    ),
]


@pytest.mark.parametrize(
    ("kind", "refused", "accepted", "path", "value"),
    REFUSED,
    ids=lambda one: str(one)[:60],
)
def test_what_schema_or_model_refuses_is_refused_by_the_library(
    kind: Any,
    refused: dict[str, Any],
    accepted: dict[str, Any],
    path: tuple[Any, ...],
    value: Any,
    types: dict[str, ResourceType],
    stack: Stack,
) -> None:
    with pytest.raises(ValidationError):
        kind(stack, "Refused", **{**LEAST[kind], **refused})
    properties = deepcopy(properties_of(stack, kind, accepted))
    *steps, last = path
    part: Any = properties
    for step in steps:
        part = part[step]
    part[last] = value
    with pytest.raises((HandlerError, InvalidPropertiesError)):
        types[f"AWS::CleanRooms::{kind.__name__}"].create(CALLER, "Mine", properties)


_RANDOM = [
    Property(name, rule, strategies.table_names, path, type_name=f"AWS::CleanRooms::{kind}")
    for kind, name, rule, path in (
        ("ConfiguredTable", "column", column, "AllowedColumns[]"),
        ("ConfiguredTable", "database", _database, "TableReference.Glue.DatabaseName"),
        ("ConfiguredTable", "table", _glue_table, "TableReference.Glue.TableName"),
        ("ConfiguredTable", "work_group", _work_group, "TableReference.Athena.WorkGroup"),
        ("ConfiguredTable", "catalog", _catalog, "TableReference.Athena.CatalogName"),
        ("ConfiguredTableAssociation", "name", table_alias, "Name"),
        ("AnalysisTemplate", "name", table_alias, "Name"),
        ("AnalysisTemplate", "parameter", _parameter_name, "AnalysisParameters[].Name"),
        ("AnalysisTemplate", "referenced_table", table_alias, "Schema.ReferencedTables[]"),
    )
]


@pytest.fixture(scope="module")
def oracles() -> list[Oracle]:
    return [Schema(), Botocore()]


@pytest.mark.parametrize("property", _RANDOM, ids=lambda one: f"{one.type_name[17:]} {one.name}")
def test_random_text_that_the_library_accepts_is_accepted_by_schema_and_model(
    property: Property, oracles: list[Oracle]
) -> None:
    def examine(value: object) -> None:
        if property.accepts(value) and checks.is_known(str(value)):
            assert all(oracle.accepts(property, value) for oracle in oracles)

    for_each(property.values, examine, in_a_test_run=100)
