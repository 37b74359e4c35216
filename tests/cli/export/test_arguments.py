"""Tests of the arguments that declare resources of the query side."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_cleanrooms._cli import query_arguments as query
from cdk_cleanrooms._cli.arguments import Undeclared

ARN = "arn:aws:cleanrooms:us-east-1:111122223333:configuredtable/1"
GLUE = "arn:aws:glue:us-east-1:111122223333:table/crm/customers"


def named(value: Any) -> tuple[str, dict[str, Any]]:
    return value.name, {**value}


def rule(**branch: Any) -> dict[str, Any]:
    return {query.RULES: [{"type": "CUSTOM", "policy": {"v1": branch}}]}


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        (
            {"glue": {"databaseName": "crm", "tableName": "customers"}},
            ("GlueTable", {"table": GLUE}),
        ),
        (
            {
                "glue": {
                    "databaseName": "crm",
                    "tableName": "customers",
                    "region": "eu-west-1",
                }
            },
            (
                "GlueTable",
                {"table": GLUE.replace("us-east-1", "eu-west-1"), "region": "eu-west-1"},
            ),
        ),
        (
            {
                "athena": {
                    "databaseName": "crm",
                    "tableName": "customers",
                    "workGroup": "primary",
                    "outputLocation": "s3://bucket/prefix/",
                    "catalogName": "catalog",
                }
            },
            (
                "AthenaTable",
                {
                    "table": GLUE,
                    "work_group": "primary",
                    "output_bucket": "bucket",
                    "output_prefix": "prefix",
                    "catalog_name": "catalog",
                },
            ),
        ),
        (
            {
                "snowflake": {
                    "secretArn": "arn:secret",
                    "accountIdentifier": "acme",
                    "databaseName": "CRM",
                    "schemaName": "PUBLIC",
                    "tableName": "CUSTOMERS",
                    "tableSchema": {"v1": [{"columnName": "id", "columnType": "INT"}]},
                }
            },
            (
                "SnowflakeTable",
                {
                    "secret": "arn:secret",
                    "account_identifier": "acme",
                    "database": "CRM",
                    "schema": "PUBLIC",
                    "table": "CUSTOMERS",
                    "columns": {"id": "INT"},
                },
            ),
        ),
    ],
)
def test_the_source_of_a_table(reference: Any, expected: Any) -> None:
    assert named(query.table_source({"arn": ARN, "tableReference": reference})) == expected


def test_a_source_that_cloudformation_does_not_know_is_left_to_a_person() -> None:
    members = {"arn": ARN, "tableReference": {"databricks": {}}}
    assert isinstance(query.table_source(members), Undeclared)


def test_several_methods_are_printed_as_they_were_selected() -> None:
    both = ["DIRECT_QUERY", "DIRECT_JOB"]
    members = {"analysisMethod": "MULTIPLE", "selectedAnalysisMethods": both}
    assert query.analysis_methods(members) == both
    assert query.analysis_methods({"analysisMethod": "DIRECT_JOB"}) == ["DIRECT_JOB"]


def test_a_custom_rule_has_all_its_parts() -> None:
    threshold = {
        "identityColumns": ["id"],
        "minimumIdentityCount": 10,
        "type": "COUNT_DISTINCT",
        "allowedAggregateExpressionType": "ANY_EXPRESSION",
        "outputColumnThresholds": [{"outputColumnName": "age", "minimumIdentityCount": 20}],
    }
    found = query.analysis_rule(
        rule(
            custom={
                "allowedAnalyses": ["ANY_QUERY"],
                "allowedAnalysisProviders": ["111122223333"],
                "disallowedOutputColumns": ["email"],
                "aggregationThresholds": [threshold],
                "additionalAnalyses": "ALLOWED",
            }
        )
    )
    name, arguments = named(found)
    assert name == "CustomAnalysisRule"
    assert named(arguments.pop("aggregation_threshold")) == (
        "AggregationThreshold",
        {
            "identity_column": "id",
            "minimum_identity_count": 10,
            "allowed_aggregate_expression_type": "ANY_EXPRESSION",
            "output_column_thresholds": {"age": 20},
        },
    )
    assert arguments == {
        "allowed_analyses": ["ANY_QUERY"],
        "allowed_analysis_providers": ["111122223333"],
        "disallowed_output_columns": ["email"],
        "additional_analyses": "ALLOWED",
    }


def test_a_rule_with_differential_privacy_has_one_column() -> None:
    privacy = {"columns": [{"name": "id"}]}
    _, arguments = named(
        query.analysis_rule(rule(custom={"allowedAnalyses": [], "differentialPrivacy": privacy}))
    )
    assert arguments == {"differential_privacy_column": "id"}


@pytest.mark.parametrize(
    "members",
    [
        {query.RULES: [{}, {}]},
        rule(
            aggregation={
                "aggregateColumns": [
                    {"columnNames": ["a"], "function": "SUM"},
                    {"columnNames": ["b"], "function": "SUM"},
                ],
                "outputConstraints": [],
            }
        ),
        rule(custom={"allowedAnalyses": [], "allowedResultReceivers": ["111122223333"]}),
        rule(
            custom={
                "allowedAnalyses": [],
                "differentialPrivacy": {"columns": [{"name": "a"}, {"name": "b"}]},
            }
        ),
    ],
)
def test_a_rule_that_no_template_can_say_is_left_to_a_person(members: Any) -> None:
    assert isinstance(query.analysis_rule(members), Undeclared)


def test_a_collaboration_rule_names_receivers_and_models() -> None:
    members = rule(
        custom={
            "allowedResultReceivers": ["111122223333"],
            "allowedAdditionalAnalyses": ["arn:model"],
        }
    )
    assert query.collaboration_rule(members)
    assert query.rule_type(members) == "CUSTOM"
    assert query.result_receivers(members) == ["111122223333"]
    assert query.allowed_additional_analyses(members) == ["arn:model"]


def test_an_association_without_a_rule_says_so() -> None:
    assert not query.collaboration_rule({})
    assert query.rule_type({}) is None
    assert query.result_receivers({}) is None
    assert query.allowed_additional_analyses({}) is None


def test_a_rule_without_receivers_is_left_to_a_person() -> None:
    assert isinstance(query.result_receivers(rule(custom={})), Undeclared)


def pyspark(**more: Any) -> dict[str, Any]:
    artifacts = {"entryPoint": {"location": {"bucket": "code", "key": "main.py"}}, "roleArn": "arn"}
    return {"format": "PYSPARK_1_0", "source": {"artifacts": artifacts | more}}


def environment(bucket: str) -> list[Any]:
    return [{"location": {"bucket": bucket, "key": "venv.tar.gz"}}]


def test_a_template_in_pyspark_names_its_files() -> None:
    found = query.template_source(pyspark(additionalArtifacts=environment("code")))
    assert named(found) == (
        "PySparkSource",
        {
            "bucket": "code",
            "entry_point": "main.py",
            "virtual_environment": "venv.tar.gz",
            "role": "arn",
        },
    )
    assert "virtual_environment" not in named(query.template_source(pyspark()))[1]


@pytest.mark.parametrize(
    "members",
    [
        pyspark(additionalArtifacts=environment("other")),
        {**pyspark(), "format": "PYSPARK_2_0"},
    ],
)
def test_a_template_that_no_construct_can_say_is_left_to_a_person(members: Any) -> None:
    assert isinstance(query.template_source(members), Undeclared)


def test_a_parameter_without_a_default_is_its_type() -> None:
    found = query.parameters(
        {
            "analysisParameters": [
                {"name": "since", "type": "DATE"},
                {"name": "region", "type": "VARCHAR", "defaultValue": "EU"},
            ]
        }
    )
    assert found is not None
    assert found["since"] == "DATE"
    assert named(found["region"]) == ("Parameter", {"type": "VARCHAR", "default": "EU"})
    assert query.parameters({}) is None


def test_detailed_errors_are_said() -> None:
    detailed = {"errorMessageConfiguration": {"type": "DETAILED"}}
    assert query.detailed_errors(pyspark() | detailed) is True
    assert query.detailed_errors(pyspark()) is False
    # The construct accepts them for PySpark alone.
    sql = {"format": "SQL", "source": {"text": "SELECT 1"}}
    assert isinstance(query.detailed_errors(sql | detailed), Undeclared)


def access(*parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    budget = {"resourceArn": "arn:association", "budgetParameters": [*parameters]}
    return {"autoRefresh": "NONE", "parameters": {"accessBudget": budget}} | more


def test_budgets_are_printed_with_their_periods() -> None:
    week = {"type": "CALENDAR_WEEK", "budget": 100, "autoRefresh": "ENABLED"}
    _, arguments = named(query.budget(access(week, {"type": "LIFETIME", "budget": 5000})))
    assert named(arguments.pop("per_period")) == (
        "PeriodBudget",
        {"budget": 100, "period": "WEEK", "refresh": True},
    )
    assert arguments == {"association": "arn:association", "lifetime": 5000}
    _, only = named(query.budget(access({"type": "LIFETIME", "budget": 1})))
    assert "per_period" not in only


def test_a_budget_of_differential_privacy_can_refresh() -> None:
    privacy = {"epsilon": 3, "usersNoisePerQuery": 30}
    members = {
        "autoRefresh": "CALENDAR_MONTH",
        "parameters": {"differentialPrivacy": privacy},
    }
    assert named(query.budget(members)) == (
        "DifferentialPrivacyBudget",
        {"epsilon": 3, "users_noise_per_query": 30, "refresh_monthly": True},
    )


@pytest.mark.parametrize(
    "members",
    [
        access({"type": "LIFETIME", "budget": 1}, {"type": "LIFETIME", "budget": 2}),
        access({"type": "LIFETIME", "budget": 1}, autoRefresh="CALENDAR_MONTH"),
    ],
)
def test_a_budget_that_no_construct_can_say_is_left_to_a_person(members: Any) -> None:
    assert isinstance(query.budget(members), Undeclared)
