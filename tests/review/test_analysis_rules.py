"""Tests of changes of analysis rules, columns and methods, which depend on each other."""

from __future__ import annotations

from typing import Any

import pytest

from .templates import (
    OTHER,
    PARTNER,
    Template,
    aggregation_rule,
    association,
    changes,
    collaboration,
    custom_rule,
    directions,
    list_rule,
    membership,
    resource,
    table,
    template,
    told,
)

ANY_QUERY = custom_rule(AllowedAnalyses=["ANY_QUERY"], AllowedAnalysisProviders=[PARTNER])
TEMPLATE = custom_rule(
    AllowedAnalyses=["arn:aws:cleanrooms:us-east-1:111122223333:membership/m/analysistemplate/t"]
)
THRESHOLD = {
    "IdentityColumns": ["id"],
    "MinimumIdentityCount": 100,
    "Type": "COUNT_DISTINCT",
    "AllowedAggregateExpressionType": "COLUMNS_ONLY",
}


def of_table(old: Template, new: Template) -> list[tuple[str, str]]:
    found = changes(template({"Orders": old}), template({"Orders": new}))
    return [(it.property, it.effect.direction.value) for it in found]


def of_rules(old: Any, new: Any) -> set[str]:
    return {direction for _, direction in of_table(table(old), table(new))}


@pytest.mark.parametrize(
    ("old", "new", "direction"),
    [
        (None, custom_rule(), "widening"),
        (custom_rule(), None, "narrowing"),
        ([], custom_rule(), "widening"),
        (custom_rule(), aggregation_rule(), "widening"),
        (aggregation_rule(), custom_rule(), "narrowing"),
        (aggregation_rule(), list_rule(), "widening"),
        (list_rule(), aggregation_rule(), "unclear"),
        (list_rule(), aggregation_rule(JoinRequired="QUERY_RUNNER"), "narrowing"),
        (
            list_rule(ListColumns=["region"]),
            aggregation_rule(JoinRequired="QUERY_RUNNER"),
            "unclear",
        ),
        (list_rule(), ANY_QUERY, "widening"),
        (aggregation_rule(), ANY_QUERY, "widening"),
        (ANY_QUERY, list_rule(), "unclear"),
        (ANY_QUERY, aggregation_rule(), "unclear"),
        (aggregation_rule(), TEMPLATE, "unclear"),
        (TEMPLATE, list_rule(), "unclear"),
        (aggregation_rule(), custom_rule(AdditionalAnalyses="ALLOWED"), "unclear"),
        (
            list_rule(),
            custom_rule(AllowedAnalyses=["ANY_QUERY"], AggregationThresholds=[THRESHOLD]),
            "unclear",
        ),
        (list_rule(), [{"Type": "LIST", "Policy": {"V1": {"Custom": {}}}}], "unclear"),
        (list_rule(), [{"Type": "LATER", "Policy": {"V1": {"Later": {}}}}], "unclear"),
        (
            aggregation_rule(),
            custom_rule(AllowedAnalyses=["{{resolve:ssm:/allowed}}"]),
            "unclear",
        ),
        (list_rule(), [*list_rule(), *custom_rule()], "unclear"),
        (custom_rule(), ANY_QUERY, "widening"),
        (custom_rule(AllowedAnalyses=["ANY_QUERY"]), TEMPLATE, "widening"),
        (ANY_QUERY, custom_rule(), "narrowing"),
    ],
)
def test_another_rule_leads_where_aws_documents_it(old: Any, new: Any, direction: str) -> None:
    assert of_rules(old, new) == {direction}


def test_a_rule_that_only_lost_its_list_is_no_change() -> None:
    assert of_rules(None, []) == set()


@pytest.mark.parametrize(
    ("rule", "added", "removed"),
    [
        (None, "neutral", "neutral"),
        (aggregation_rule(), "neutral", "neutral"),
        (aggregation_rule(DimensionColumns=["region", "email"]), "widening", "narrowing"),
        (list_rule(ListColumns=["region", "email"]), "widening", "narrowing"),
        (ANY_QUERY, "widening", "narrowing"),
        ([{"Type": {"Ref": "Kind"}, "Policy": {}}], "unclear", "unclear"),
    ],
)
def test_a_column_counts_where_the_rule_lets_it_be_used(
    rule: Any, added: str, removed: str
) -> None:
    few = table(rule)
    many = table(rule, AllowedColumns=["amount", "email", "id", "region"])
    assert of_table(few, many) == [("AllowedColumns", added)]
    assert of_table(many, few) == [("AllowedColumns", removed)]


def test_the_order_of_columns_is_no_change() -> None:
    reordered = table(ANY_QUERY, AllowedColumns=["amount", "region", "id"])
    assert of_table(table(ANY_QUERY), reordered) == []


JOB = "arn:aws:cleanrooms:us-east-1:111122223333:membership/m/analysistemplate/job"


@pytest.mark.parametrize(
    ("rule", "old", "new", "direction"),
    [
        (custom_rule(AllowedAnalyses=["ANY_JOB"]), "DIRECT_QUERY", "MULTIPLE", "widening"),
        (ANY_QUERY, "DIRECT_QUERY", "MULTIPLE", "unclear"),
        (ANY_QUERY, "DIRECT_JOB", "MULTIPLE", "widening"),
        (TEMPLATE, "DIRECT_JOB", "DIRECT_QUERY", "widening"),
        (custom_rule(), "DIRECT_JOB", "DIRECT_QUERY", "unclear"),
        (aggregation_rule(), "DIRECT_JOB", "MULTIPLE", "widening"),
        (None, "DIRECT_JOB", "MULTIPLE", "unclear"),
        (ANY_QUERY, "MULTIPLE", "DIRECT_QUERY", "narrowing"),
        (ANY_QUERY, "MULTIPLE", "OF_A_LATER_VERSION", "unclear"),
    ],
)
def test_a_method_counts_where_the_rule_allows_it(
    rule: Any, old: str, new: str, direction: str
) -> None:
    found = of_table(table(rule, AnalysisMethod=old), table(rule, AnalysisMethod=new))
    assert found == [("AnalysisMethod", direction)]


def test_a_job_that_an_allowed_template_of_the_app_runs_is_found() -> None:
    def app(method: str) -> Template:
        job = resource(
            "AWS::CleanRooms::AnalysisTemplate",
            {"Name": "job", "Format": "PYSPARK_1_0", "MembershipIdentifier": "m"},
        )
        rule = custom_rule(AllowedAnalyses=[{"Fn::GetAtt": ["Job", "Arn"]}])
        return template({"Orders": table(rule, AnalysisMethod=method), "Job": job})

    found = changes(app("DIRECT_QUERY"), app("MULTIPLE"))
    assert directions(found) == {"widening"}


def test_the_two_properties_of_methods_are_one_change() -> None:
    both = ["DIRECT_QUERY", "DIRECT_JOB"]
    one = table(ANY_QUERY)
    two = table(ANY_QUERY, AnalysisMethod="MULTIPLE", SelectedAnalysisMethods=both)
    assert of_table(one, two) == [("AnalysisMethod", "unclear")]
    implied = table(ANY_QUERY, AnalysisMethod="MULTIPLE")
    assert of_table(implied, two) == []
    fewer = table(ANY_QUERY, AnalysisMethod="MULTIPLE", SelectedAnalysisMethods=both[:1])
    assert of_table(two, fewer) == [("SelectedAnalysisMethods", "narrowing")]
    later = table(ANY_QUERY, AnalysisMethod="MULTIPLE", SelectedAnalysisMethods=["LATER"])
    assert of_table(two, later) == [("SelectedAnalysisMethods", "unclear")]


def threshold(*overrides: Any, minimum: Any = 100) -> list[Template]:
    columns = [
        {"OutputColumnName": name, "MinimumIdentityCount": count} for name, count in overrides
    ]
    made = {**THRESHOLD, "MinimumIdentityCount": minimum, "OutputColumnThresholds": columns}
    return custom_rule(AllowedAnalyses=["ANY_QUERY"], AggregationThresholds=[made])


@pytest.mark.parametrize(
    ("old", "new", "direction"),
    [
        (threshold(("amount", 200)), threshold(("amount", 150)), "widening"),
        (threshold(("amount", 150)), threshold(("amount", 200)), "narrowing"),
        (threshold(("amount", 200)), threshold(("amount", 0)), "widening"),
        (threshold(("amount", 0)), threshold(), "narrowing"),
        (threshold(("amount", 50)), threshold(), "narrowing"),
        (threshold(("amount", 200)), threshold(), "widening"),
        (threshold(("amount", 100)), threshold(), "neutral"),
        (threshold(), threshold(("amount", 0)), "widening"),
        (threshold(), threshold(("amount", "many")), "unclear"),
        (threshold(minimum="many"), threshold(("amount", 5), minimum="many"), "unclear"),
        (threshold(("amount", 5), ("amount", 6)), threshold(("amount", 5)), "unclear"),
    ],
)
def test_the_threshold_of_a_column_is_compared_with_what_holds_without_it(
    old: Any, new: Any, direction: str
) -> None:
    assert of_rules(old, new) == {direction}


def test_absent_comparison_controls_allow_all_and_empty_ones_none() -> None:
    def rule(**controls: Any) -> Any:
        return custom_rule(AllowedAnalyses=["ANY_QUERY"], **controls)

    none: dict[str, Any] = {
        "AllowedLiteralComparisonColumns": [],
        "AllowedColumnComparisonColumns": [],
    }
    some = {**none, "AllowedLiteralComparisonColumns": ["region"]}
    assert of_rules(rule(), rule(ComparisonControls=none)) == {"narrowing"}
    assert of_rules(rule(ComparisonControls=none), rule()) == {"widening"}
    assert of_rules(rule(ComparisonControls=none), rule(ComparisonControls=some)) == {"widening"}
    assert of_rules(rule(ComparisonControls=some), rule(ComparisonControls=none)) == {"narrowing"}


def test_a_column_moved_from_dimension_to_join_widens() -> None:
    moved = aggregation_rule(JoinColumns=["id", "region"], DimensionColumns=[])
    assert of_rules(aggregation_rule(), moved) == {"widening", "narrowing"}


@pytest.mark.parametrize(
    ("old", "new", "direction"),
    [
        (None, ["AND"], None),
        (None, ["AND", "OR"], "widening"),
        (["AND", "OR"], None, "narrowing"),
    ],
)
def test_without_a_list_a_join_needs_all_columns(old: Any, new: Any, direction: str | None) -> None:
    first, second = (
        list_rule() if value is None else list_rule(AllowedJoinOperators=value)
        for value in (old, new)
    )
    assert of_rules(first, second) == ({direction} if direction else set())


def test_a_function_with_its_columns_in_two_entries_is_the_same() -> None:
    def rule(*columns: Any) -> Any:
        return aggregation_rule(AggregateColumns=[*columns])

    together = rule({"ColumnNames": ["amount", "tax"], "Function": "SUM"})
    apart = rule(
        {"ColumnNames": ["tax"], "Function": "SUM"}, {"ColumnNames": ["amount"], "Function": "SUM"}
    )
    more = rule({"ColumnNames": ["amount"], "Function": "SUM", "Later": True})
    assert of_rules(together, apart) == set()
    assert of_rules(together, more) == {"unclear"}


def test_a_change_of_a_table_is_told_for_each_collaboration_of_it() -> None:
    def app(rule: Any) -> Template:
        return template(
            {
                "Room": collaboration(),
                "Us": membership(),
                "Orders": table(rule),
                "InRoom": association(),
                "Elsewhere": association(MembershipIdentifier="another-membership"),
            }
        )

    found = changes(app(custom_rule()), app(ANY_QUERY))
    by_property = {(it.property.rsplit(".", 1)[1], it.collaboration) for it in found}
    assert by_property == {
        (name, room)
        for name in ("AllowedAnalyses", "AllowedAnalysisProviders")
        for room in ("overlap", "another-membership")
    }


def sql(name: str = "reach", text: str = "SELECT 1", **more: Any) -> Template:
    return resource(
        "AWS::CleanRooms::AnalysisTemplate",
        {
            "Name": name,
            "Format": "SQL",
            "MembershipIdentifier": "m",
            "Source": {"Text": text},
            **more,
        },
    )


@pytest.mark.parametrize(
    ("account", "provider", "direction"),
    [
        ("111122223333", "111122223333", "widening"),
        ("111122223333", PARTNER, "neutral"),
        (None, PARTNER, "neutral"),
        (None, OTHER, "unclear"),
        (None, {"Ref": "AWS::AccountId"}, "widening"),
        ("111122223333", {"Ref": "Provider"}, "unclear"),
    ],
)
@pytest.mark.parametrize(
    "of_the_rule",
    [table, lambda rule: resource("AWS::CleanRooms::IntermediateTable", {"AnalysisRules": rule})],
    ids=["table", "intermediate table"],
)
def test_a_new_template_widens_where_its_account_is_allowed(
    of_the_rule: Any, account: str | None, provider: Any, direction: str
) -> None:
    rule = custom_rule(AllowedAnalyses=["ANY_QUERY"], AllowedAnalysisProviders=[provider])
    resources = {"Room": collaboration(), "Orders": of_the_rule(rule)}
    parameters = {"Provider": {"Type": "String", "Default": PARTNER}}
    old = template(resources, Parameters=parameters)
    new = template({**resources, "Reach": sql()}, Parameters=parameters)
    assert directions(changes(old, new, account=account)) == {direction}
    assert directions(changes(new, old, account=account)) == {"narrowing"}


def test_another_text_of_a_template_needs_a_person() -> None:
    old, new = template({"T": sql()}), template({"T": sql(text="SELECT 2")})
    assert [it[:2] for it in told(changes(old, new))] == [("Source.Text", "unclear")]


def test_an_empty_list_of_thresholds_is_none() -> None:
    def rule(**more: Any) -> Any:
        return custom_rule(AllowedAnalyses=["ANY_QUERY"], **more)

    assert of_rules(rule(), rule(AggregationThresholds=[])) == set()
    two = rule(AggregationThresholds=[THRESHOLD, THRESHOLD])
    assert of_rules(rule(AggregationThresholds=[THRESHOLD]), two) == {"unclear"}


def test_a_column_whose_threshold_stays_is_no_change() -> None:
    old = threshold(("amount", 50), ("region", 60))
    assert of_rules(old, threshold(("amount", 40), ("region", 60))) == {"widening"}


def test_a_minimum_that_is_no_number_needs_a_person() -> None:
    assert of_rules(threshold(), threshold(minimum="many")) == {"unclear"}


def test_a_function_that_a_parameter_decides_needs_a_person() -> None:
    def app(function: Any) -> Template:
        columns = [{"ColumnNames": ["amount"], "Function": function}]
        parameters = {
            "Sum": {"Type": "String", "Default": "SUM"},
            "Open": {"Type": "String"},
        }
        rule = aggregation_rule(AggregateColumns=columns)
        return template({"Orders": table(rule)}, Parameters=parameters)

    assert directions(changes(app("SUM"), app({"Ref": "Sum"}))) == {"neutral"}
    assert directions(changes(app("SUM"), app({"Ref": "Open"}))) == {"unclear"}
