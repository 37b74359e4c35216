"""Tests of the analysis rules of configured tables."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Stack
from aws_cdk.aws_cleanrooms import CfnAnalysisTemplate

from cdk_cleanrooms import (
    AdditionalAnalyses,
    AggregateFunction,
    AggregationThreshold,
    AnalysisMethod,
    AnalysisTemplate,
    AnyAnalysis,
    AthenaTable,
    CustomAnalysisRule,
    JoinOperator,
    ListAnalysisRule,
    PySparkSource,
    ScalarFunction,
    SnowflakeTable,
    SqlSource,
)
from tests.helpers import problems_of, resource_of, warnings_of
from tests.samples import GLUE_TABLE_ARN, MEMBERSHIP_ID, ROLE_ARN, TEMPLATE_ARN

from .declarations import COLUMNS, PARTNER, aggregation, custom, orders

ATHENA = AthenaTable(table=GLUE_TABLE_ARN, work_group="primary")
SNOWFLAKE = SnowflakeTable(
    secret="arn:aws:secretsmanager:us-east-1:111122223333:secret:snowflake",
    account_identifier="example-prod",
    database="CRM",
    schema="PUBLIC",
    table="ORDERS",
    columns=dict.fromkeys(COLUMNS, "VARCHAR"),
)


def branch_of(stack: Stack, **arguments: Any) -> dict[str, Any]:
    """Return what is in the analysis rule of a table."""
    (rule,) = resource_of(orders(stack, **arguments))["Properties"]["AnalysisRules"]
    ((kind, branch),) = rule["Policy"]["V1"].items()
    assert kind.upper() == rule["Type"]
    return dict(branch)


def messages(stack: Stack, **arguments: Any) -> list[str]:
    """Return the messages of the problems with the rule of a table."""
    problems = problems_of(lambda: orders(stack, **arguments))
    assert {problem.property for problem in problems} == {"analysis_rule"}
    return [problem.message for problem in problems]


def list_rule(**arguments: Any) -> ListAnalysisRule:
    return ListAnalysisRule(
        **{"join_columns": ["email_hash"], "list_columns": ["region"], **arguments}
    )


def threshold(**arguments: Any) -> AggregationThreshold:
    return AggregationThreshold(
        **{"identity_column": "email_hash", "minimum_identity_count": 10, **arguments}
    )


def test_members_of_the_enumerations_are_written_as_their_text(stack: Stack) -> None:
    branch = branch_of(
        stack,
        analysis_rule=aggregation(
            aggregate_columns={AggregateFunction.AVG: ["amount"]},
            scalar_functions=[ScalarFunction.ROUND],
            allowed_join_operators=[JoinOperator.OR],
            additional_analyses=AdditionalAnalyses.ALLOWED,
            join_required=True,
        ),
    )
    assert branch == {
        "AggregateColumns": [{"ColumnNames": ["amount"], "Function": "AVG"}],
        "JoinColumns": ["email_hash"],
        "DimensionColumns": ["region"],
        "ScalarFunctions": ["ROUND"],
        "OutputConstraints": [
            {"ColumnName": "email_hash", "Minimum": 100, "Type": "COUNT_DISTINCT"}
        ],
        "JoinRequired": "QUERY_RUNNER",
        "AllowedJoinOperators": ["OR"],
        "AdditionalAnalyses": "ALLOWED",
    }


def test_an_aggregation_rule_writes_the_lists_that_cloudformation_requires(stack: Stack) -> None:
    rule = aggregation(join_columns=(), dimension_columns=())
    branch = branch_of(stack, analysis_rule=rule)
    for name in ("JoinColumns", "DimensionColumns", "ScalarFunctions"):
        assert branch[name] == []
    assert branch.keys().isdisjoint({"JoinRequired", "AllowedJoinOperators"})


@pytest.mark.parametrize(
    ("given", "written"), [(None, ["AND"]), (["OR"], ["OR"]), ([], [])], ids=str
)
def test_several_join_columns_have_an_operator(given: list[str] | None, written: list[str]) -> None:
    columns = ["email_hash", "order_id"]
    rules = [
        list_rule(join_columns=columns, allowed_join_operators=given),
        aggregation(
            aggregate_columns={"SUM": ["amount"]},
            join_columns=columns,
            allowed_join_operators=given,
        ),
    ]
    for rule in rules:
        branch = branch_of(Stack(App(), "Stack"), analysis_rule=rule)
        assert branch["AllowedJoinOperators"] == written


def test_a_list_rule_with_one_join_column_needs_no_operator(stack: Stack) -> None:
    assert branch_of(stack, analysis_rule=list_rule()) == {
        "JoinColumns": ["email_hash"],
        "ListColumns": ["region"],
    }


def test_a_custom_rule_allows_nothing_by_default(stack: Stack) -> None:
    assert branch_of(stack, analysis_rule=CustomAnalysisRule()) == {"AllowedAnalyses": []}


def test_a_custom_rule_has_every_part(stack: Stack) -> None:
    rule = custom(
        allowed_analyses=[AnyAnalysis.ANY_QUERY, "ANY_JOB"],
        disallowed_output_columns=["order_id"],
        aggregation_threshold=threshold(output_column_thresholds={"region": 0, "amount": 2}),
        literal_comparison_columns=["region"],
        column_comparison_columns=[],
        additional_analyses="REQUIRED",
    )
    branch = branch_of(stack, analysis_rule=rule, analysis_methods=[*AnalysisMethod])
    assert branch == {
        "AllowedAnalyses": ["ANY_QUERY", "ANY_JOB"],
        "AllowedAnalysisProviders": [PARTNER],
        "DisallowedOutputColumns": ["order_id"],
        "AggregationThresholds": [
            {
                "IdentityColumns": ["email_hash"],
                "MinimumIdentityCount": 10,
                "Type": "COUNT_DISTINCT",
                "AllowedAggregateExpressionType": "COLUMNS_ONLY",
                "OutputColumnThresholds": [
                    {"OutputColumnName": "region", "MinimumIdentityCount": 0},
                    {"OutputColumnName": "amount", "MinimumIdentityCount": 2},
                ],
            }
        ],
        "ComparisonControls": {
            "AllowedLiteralComparisonColumns": ["region"],
            "AllowedColumnComparisonColumns": [],
        },
        "AdditionalAnalyses": "REQUIRED",
    }


def test_differential_privacy_names_the_column_of_the_user(stack: Stack) -> None:
    rule = custom(differential_privacy_column="email_hash")
    branch = branch_of(stack, analysis_rule=rule)
    assert branch["DifferentialPrivacy"] == {"Columns": [{"Name": "email_hash"}]}


def test_templates_are_allowed_as_constructs_and_arns(stack: Stack) -> None:
    template = CfnAnalysisTemplate(
        stack,
        "Template",
        membership_identifier=MEMBERSHIP_ID,
        name="overlap",
        format="SQL",
        source=CfnAnalysisTemplate.AnalysisSourceProperty(text="SELECT 1"),
    )
    rule = CustomAnalysisRule(allowed_analyses=[template, TEMPLATE_ARN])
    branch = branch_of(stack, analysis_rule=rule)
    assert branch["AllowedAnalyses"] == [{"Fn::GetAtt": ["Template", "Arn"]}, TEMPLATE_ARN]


def test_values_known_at_deployment_are_accepted(stack: Stack) -> None:
    text = CfnParameter(stack, "Text").value_as_string
    names = CfnParameter(stack, "Names", type="CommaDelimitedList").value_as_list
    number = CfnParameter(stack, "Number", type="Number").value_as_number
    orders(
        stack,
        "Aggregation",
        analysis_rule=aggregation(
            join_columns=names, dimension_columns=[text], output_constraints={text: number}
        ),
    )
    orders(
        stack,
        "Custom",
        analysis_rule=custom(
            allowed_analyses=[text],
            aggregation_threshold=threshold(minimum_identity_count=number),
        ),
    )
    branch_of(stack, allowed_columns=names)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"aggregate_columns": {}}, "its aggregate_columns, {} is empty; use a mapping"),
        ({"aggregate_columns": {"MEDIAN": ["amount"]}}, "'MEDIAN' is not one of 'SUM'"),
        ({"aggregate_columns": {"SUM": []}}, "the value of 'SUM', [] is empty"),
        ({"aggregate_columns": ["amount"]}, "is of type list; use a mapping of functions"),
        ({"output_constraints": {}}, "its output_constraints, {} is empty"),
        ({"output_constraints": {"region": 1}}, "1 is not a whole number from 2 to 100,000"),
        ({"output_constraints": {"region": 100_001}}, "100001 is not a whole number"),
        ({"output_constraints": {"region": 2.5}}, "2.5 is of type float; use a whole number"),
        ({"output_constraints": {"region": True}}, "True is of type bool; use a whole number"),
        ({"join_columns": "email_hash"}, "'email_hash' is of type str; use a list of columns"),
        ({"join_columns": ["order_id", "order_id"]}, "'order_id' is given twice; use it once"),
        ({"join_columns": ["Order_ID"]}, "has uppercase letters, and Clean Rooms has none"),
        ({"join_columns": ["a.b"]}, "'a.b' is not the name of a column in Clean Rooms"),
        ({"join_columns": ["c" * 128]}, "has 128 characters; use 1 to 127 characters"),
        ({"join_columns": [""]}, "'' is empty; use 1 to 127 characters"),
        ({"join_columns": ["region"]}, "'region' is in dimension_columns and in join_columns"),
        ({"dimension_columns": ["amount"]}, "is in dimension_columns and in aggregate_columns"),
        ({"join_columns": [], "join_required": True}, "so no query could satisfy it"),
        ({"join_required": "yes"}, "'yes' is of type str; use True or False"),
        ({"scalar_functions": ["SIN"]}, "'SIN' is not one of 'TRUNC'"),
        ({"allowed_join_operators": ["XOR"]}, "'XOR' is not one of 'AND', 'OR'"),
        ({"additional_analyses": "MAYBE"}, "'MAYBE' is not one of 'ALLOWED'"),
        ({"join_columns": ["phone"]}, "its join_columns contain 'phone', which is not in"),
        ({"output_constraints": {"phone": 2}}, "its output_constraints contain 'phone'"),
    ],
    ids=str,
)
def test_an_aggregation_rule_that_aws_refuses_is_a_problem(
    arguments: dict[str, Any], message: str, stack: Stack
) -> None:
    found = messages(stack, analysis_rule=aggregation(**arguments))
    assert any(message in each for each in found), found


def test_a_column_can_be_joined_and_aggregated(stack: Stack) -> None:
    branch_of(stack, analysis_rule=aggregation(join_columns=["order_id"]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"join_columns": []}, "its join_columns, [] is empty"),
        ({"list_columns": None}, "None is of type NoneType; use a list of columns"),
        ({"list_columns": ["email_hash"]}, "'email_hash' is in list_columns and in join_columns"),
        ({"list_columns": ["phone"]}, "its list_columns contain 'phone'"),
        ({"additional_analyses": "MAYBE"}, "'MAYBE' is not one of 'ALLOWED'"),
    ],
    ids=str,
)
def test_a_list_rule_that_aws_refuses_is_a_problem(
    arguments: dict[str, Any], message: str, stack: Stack
) -> None:
    found = messages(stack, analysis_rule=list_rule(**arguments))
    assert any(message in each for each in found), found


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"allowed_analyses": "ANY_QUERY"}, "is of type str; use a list of analysis templates"),
        ({"allowed_analyses": ["xANY_QUERYx"]}, "'xANY_QUERYx' is not an ARN"),
        (
            {"allowed_analyses": [TEMPLATE_ARN.replace("template/", "templates/")]},
            "use 'arn:aws:cleanrooms:us-east-1:111122223333:membership/<membership ID>"
            "/analysistemplate/<ID>'",
        ),
        (
            {"allowed_analyses": ["ANY_QUERY", TEMPLATE_ARN]},
            "has ANY_QUERY and analysis templates, and AWS accepts only one of the two",
        ),
        ({"allowed_analysis_providers": []}, "nobody is in allowed_analysis_providers"),
        (
            {"allowed_analyses": [TEMPLATE_ARN]},
            "are for AnyAnalysis, and allowed_analyses has analysis templates",
        ),
        ({"allowed_analyses": []}, "can run nothing without AnyAnalysis"),
        ({"allowed_analysis_providers": 1}, "1 is of type int; use a list of accounts"),
        ({"allowed_analysis_providers": ["abcdefghijk1"]}, "is not the ID of an AWS account"),
        ({"differential_privacy_column": "User ID"}, "'User ID' has uppercase letters"),
        ({"disallowed_output_columns": ["phone"]}, "its disallowed_output_columns contain"),
        ({"aggregation_threshold": 10}, "10 is of type int; use AggregationThreshold("),
        (
            {"aggregation_threshold": threshold(minimum_identity_count=1)},
            "its aggregation_threshold, its minimum_identity_count, 1 is not a whole number",
        ),
        (
            {"aggregation_threshold": threshold(output_column_thresholds={"region": 1})},
            "the value of 'region', 1 is not 0, or a whole number from 2 to 100,000",
        ),
        (
            {"aggregation_threshold": threshold(identity_column="phone")},
            "its aggregation_threshold contain 'phone'",
        ),
        (
            {"aggregation_threshold": threshold(allowed_aggregate_expression_type="ANY")},
            "'ANY' is not one of 'COLUMNS_ONLY', 'ANY_EXPRESSION'",
        ),
        (
            {"literal_comparison_columns": ["region"]},
            "its literal_comparison_columns is given without column_comparison_columns",
        ),
        (
            {"column_comparison_columns": []},
            "its column_comparison_columns is given without literal_comparison_columns",
        ),
        (
            {
                "aggregation_threshold": threshold(),
                "literal_comparison_columns": ["email_hash"],
                "column_comparison_columns": [],
            },
            "its literal_comparison_columns contain 'email_hash', which identifies people",
        ),
        (
            {"differential_privacy_column": "region", "aggregation_threshold": threshold()},
            "its aggregation_threshold cannot be combined with differential privacy",
        ),
        (
            {
                "differential_privacy_column": "region",
                "literal_comparison_columns": [],
                "column_comparison_columns": [],
            },
            "its literal_comparison_columns cannot be combined with differential privacy",
        ),
    ],
    ids=str,
)
def test_a_custom_rule_that_aws_refuses_is_a_problem(
    arguments: dict[str, Any], message: str, stack: Stack
) -> None:
    found = messages(stack, analysis_rule=custom(**arguments))
    assert any(message in each for each in found), found


def test_columns_are_not_compared_if_some_are_known_at_deployment(stack: Stack) -> None:
    text = CfnParameter(stack, "Text").value_as_string
    branch_of(stack, allowed_columns=[text])


@pytest.mark.parametrize("source", [ATHENA, SNOWFLAKE], ids=["Athena", "Snowflake"])
def test_a_table_outside_aws_glue_needs_a_custom_rule_without_differential_privacy(
    source: AthenaTable | SnowflakeTable, stack: Stack
) -> None:
    (message,) = messages(stack, table=source)
    assert message == f"a table of {source.source} can only have a CustomAnalysisRule; use one"
    rule = custom(differential_privacy_column="region")
    (message,) = messages(stack, table=source, analysis_rule=rule)
    assert "differential_privacy_column is only for tables of AWS Glue" in message
    branch_of(stack, table=source, analysis_rule=custom())


def test_a_table_for_jobs_alone_needs_a_custom_rule_without_limits_for_queries(
    stack: Stack,
) -> None:
    (message,) = messages(stack, analysis_methods=["DIRECT_JOB"])
    assert "only a CustomAnalysisRule allows jobs" in message
    rule = custom(allowed_analyses=["ANY_JOB"], aggregation_threshold=threshold())
    (message,) = messages(stack, analysis_methods=["DIRECT_JOB"], analysis_rule=rule)
    assert "its aggregation_threshold is for queries" in message
    branch_of(
        stack,
        analysis_methods=["DIRECT_JOB"],
        analysis_rule=custom(allowed_analyses=["ANY_JOB"]),
    )
    assert warnings_of(stack) == []


@pytest.mark.parametrize("is_script", [True, False])
def test_a_rule_that_allows_only_jobs_has_no_limits_for_queries(
    is_script: bool, stack: Stack
) -> None:
    source = PySparkSource(bucket="code", entry_point="a.py", role=ROLE_ARN)
    script = AnalysisTemplate(stack, "A", membership=MEMBERSHIP_ID, name="a", source=source)
    query = AnalysisTemplate(
        stack, "B", membership=MEMBERSHIP_ID, name="b", source=SqlSource("SELECT 1")
    )
    limits: dict[str, Any] = {
        "allowed_analysis_providers": [] if is_script else [PARTNER],
        "literal_comparison_columns": [],
        "column_comparison_columns": [],
    }
    rule = custom(allowed_analyses=[script if is_script else "ANY_JOB"], **limits)
    methods = [*AnalysisMethod]
    found = messages(stack, analysis_methods=methods, analysis_rule=rule)
    assert [each.split(",")[0] for each in found] == [
        "its literal_comparison_columns is for queries",
        "its column_comparison_columns is for queries",
    ]
    both = [script, query] if is_script else ["ANY_JOB", "ANY_QUERY"]
    branch_of(
        stack, analysis_methods=methods, analysis_rule=custom(allowed_analyses=both, **limits)
    )


@pytest.mark.parametrize(
    ("arguments", "warning"),
    [
        (
            {
                "analysis_rule": CustomAnalysisRule(
                    allowed_analyses=[f"{TEMPLATE_ARN[:-4]}{n:04}" for n in range(700)]
                )
            },
            "The analysis rule has more than 100 KB",
        ),
        (
            {"analysis_rule": aggregation(additional_analyses="ALLOWED")},
            "AWS's documents disagree",
        ),
        ({"analysis_methods": ["DIRECT_QUERY", "DIRECT_JOB"]}, "The table allows DIRECT_JOB, but"),
        (
            {"analysis_rule": custom(allowed_analyses=["ANY_JOB"])},
            "The rule allows ANY_JOB, but the table's analysis methods do not have DIRECT_JOB",
        ),
        (
            {"analysis_rule": custom(), "analysis_methods": ["DIRECT_JOB"]},
            "The rule allows ANY_QUERY, but",
        ),
    ],
    ids=str,
)
def test_a_rule_of_which_a_part_has_no_effect_causes_a_warning(
    arguments: dict[str, Any], warning: str, stack: Stack
) -> None:
    orders(stack, **arguments)
    (found,) = warnings_of(stack)
    assert found.startswith(warning)


def test_a_rule_of_another_class_is_a_problem(stack: Stack) -> None:
    (message,) = messages(stack, analysis_rule="LIST")
    assert message.startswith("'LIST' is of type str; use an AggregationAnalysisRule")
