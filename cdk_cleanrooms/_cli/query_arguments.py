"""How constructs declare configured tables, their associations, templates and budgets.

The rules of tables have operations of their own. A reader puts them into the description of a
table, as a list of objects with `type` and `policy`, under the name `RULES`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .arguments import Call, Undeclarable, Undeclared, location, member

RULES = "analysisRules"
_CALENDAR = "CALENDAR_"
_LIFETIME = "LIFETIME"


def table_source(members: Mapping[str, Any]) -> Call | Undeclared:
    """Return the source of a configured table."""
    reference = members["tableReference"]
    [kind] = reference
    source = reference[kind]
    if kind in ("glue", "athena"):
        _, partition, _, region, account, _ = members["arn"].split(":", 5)
        region = source.get("region", region)
        table = f"table/{source['databaseName']}/{source['tableName']}"
        arn = f"arn:{partition}:glue:{region}:{account}:{table}"
        if kind == "glue":
            return Call("GlueTable", table=arn, region=source.get("region"))
        url = source.get("outputLocation", "")
        if url.endswith("//"):
            reason = (
                f"The output location is {json.dumps(url)}, and no construct declares a location"
                " that ends with two slashes. Give the configured table another location first, and"
                " run this command again."
            )
            return Undeclarable({"tableReference": reference}, reason)
        bucket, prefix, trailing_slash = location(url)
        return Call(
            "AthenaTable",
            table=arn,
            work_group=source["workGroup"],
            output_bucket=bucket,
            output_prefix=prefix,
            output_trailing_slash=trailing_slash,
            catalog_name=source.get("catalogName"),
            region=source.get("region"),
        )
    if kind == "snowflake":
        columns = member(source, "tableSchema.v1") or []
        return Call(
            "SnowflakeTable",
            secret=source["secretArn"],
            account_identifier=source["accountIdentifier"],
            database=source["databaseName"],
            schema=source["schemaName"],
            table=source["tableName"],
            columns={one["columnName"]: one["columnType"] for one in columns},
        )
    return Undeclared({"tableReference": reference})


def analysis_methods(members: Mapping[str, Any]) -> list[str]:
    """Return the methods by which a configured table can be analyzed."""
    selected: list[str] | None = members.get("selectedAnalysisMethods")
    return selected or [members["analysisMethod"]]


def analysis_rule(members: Mapping[str, Any]) -> Call | Undeclared | None:
    """Return the analysis rule of a configured table."""
    rules = members.get(RULES, ())
    if not rules:
        return None
    if len(rules) > 1:
        return Undeclared({RULES: rules})
    [(kind, rule)] = rules[0]["policy"]["v1"].items()
    if kind == "aggregation":
        return _aggregation(rule)
    if kind == "list":
        return Call(
            "ListAnalysisRule",
            join_columns=rule["joinColumns"],
            list_columns=rule["listColumns"],
            allowed_join_operators=rule.get("allowedJoinOperators"),
            additional_analyses=rule.get("additionalAnalyses"),
        )
    return _custom(rule)


def _aggregation(rule: Mapping[str, Any]) -> Call | Undeclared:
    aggregated = rule["aggregateColumns"]
    constraints = rule["outputConstraints"]
    columns = {one["function"]: one["columnNames"] for one in aggregated}
    minimums = {one["columnName"]: one["minimum"] for one in constraints}
    if len(columns) < len(aggregated) or len(minimums) < len(constraints):
        return Undeclared(rule)
    return Call(
        "AggregationAnalysisRule",
        aggregate_columns=columns,
        join_columns=rule.get("joinColumns") or None,
        dimension_columns=rule.get("dimensionColumns") or None,
        scalar_functions=rule.get("scalarFunctions") or None,
        output_constraints=minimums,
        join_required="joinRequired" in rule or None,
        allowed_join_operators=rule.get("allowedJoinOperators"),
        additional_analyses=rule.get("additionalAnalyses"),
    )


def _custom(rule: Mapping[str, Any]) -> Call | Undeclared:
    users = [one["name"] for one in member(rule, "differentialPrivacy.columns") or ()]
    thresholds = rule.get("aggregationThresholds") or ()
    elsewhere = {"allowedResultReceivers", "allowedAdditionalAnalyses"}
    identities = [column for one in thresholds for column in one["identityColumns"]]
    if len(users) > 1 or len(thresholds) > 1 or len(identities) > 1 or elsewhere & {*rule}:
        return Undeclared(rule)
    return Call(
        "CustomAnalysisRule",
        allowed_analyses=rule["allowedAnalyses"] or None,
        allowed_analysis_providers=rule.get("allowedAnalysisProviders") or None,
        differential_privacy_column=users[0] if users else None,
        disallowed_output_columns=rule.get("disallowedOutputColumns") or None,
        aggregation_threshold=_threshold(thresholds[0]) if thresholds else None,
        literal_comparison_columns=member(
            rule, "comparisonControls.allowedLiteralComparisonColumns"
        ),
        column_comparison_columns=member(rule, "comparisonControls.allowedColumnComparisonColumns"),
        additional_analyses=rule.get("additionalAnalyses"),
    )


def _threshold(threshold: Mapping[str, Any]) -> Call:
    others = threshold.get("outputColumnThresholds") or ()
    return Call(
        "AggregationThreshold",
        identity_column=threshold["identityColumns"][0],
        minimum_identity_count=threshold["minimumIdentityCount"],
        allowed_aggregate_expression_type=threshold["allowedAggregateExpressionType"],
        output_column_thresholds={
            one["outputColumnName"]: one["minimumIdentityCount"] for one in others
        }
        or None,
    )


def collaboration_rule(members: Mapping[str, Any]) -> bool:
    """Return whether an association has a collaboration analysis rule."""
    return bool(members.get(RULES))


def rule_type(members: Mapping[str, Any]) -> str | None:
    """Return the type of the collaboration analysis rule of an association."""
    rules = members.get(RULES)
    return str(rules[0]["type"]) if rules else None


def result_receivers(members: Mapping[str, Any]) -> list[str] | Undeclared | None:
    """Return the accounts that can receive results of queries of an association's table."""
    found = _of_rule(members, "allowedResultReceivers")
    if members.get(RULES) and not found:
        # The construct would fill in the members who can receive results.
        return Undeclared({RULES: members[RULES]})
    return [*found] or None


def allowed_additional_analyses(members: Mapping[str, Any]) -> list[str] | None:
    """Return the ARNs of the models that can use the results."""
    return [*_of_rule(members, "allowedAdditionalAnalyses")] or None


def _of_rule(members: Mapping[str, Any], name: str) -> Sequence[str]:
    for rule in members.get(RULES, ()):
        [branch] = rule["policy"]["v1"].values()
        found: Sequence[str] = branch.get(name) or ()
        return found
    return ()


def template_source(members: Mapping[str, Any]) -> Call | Undeclared:
    """Return the source of an analysis template."""
    source = members["source"]
    undeclared = Undeclared({"source": source, "format": members["format"]})
    if "text" in source:
        is_sql = members["format"] == "SQL"
        return Call("SqlSource", text=source["text"]) if is_sql else undeclared
    artifacts = source["artifacts"]
    entry = artifacts["entryPoint"]["location"]
    others = [one["location"] for one in artifacts.get("additionalArtifacts", ())]
    if members["format"] != "PYSPARK_1_0" or any(
        one["bucket"] != entry["bucket"] for one in others
    ):
        return undeclared
    return Call(
        "PySparkSource",
        bucket=entry["bucket"],
        entry_point=entry["key"],
        virtual_environment=others[0]["key"] if others else None,
        role=artifacts["roleArn"],
    )


def parameters(members: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the parameters of an analysis template."""
    return {
        one["name"]: Call("Parameter", type=one["type"], default=one["defaultValue"])
        if "defaultValue" in one
        else one["type"]
        for one in members.get("analysisParameters") or ()
    } or None


def detailed_errors(members: Mapping[str, Any]) -> bool | Undeclared:
    """Return whether an analysis template reports errors in detail."""
    is_detailed = bool(member(members, "errorMessageConfiguration.type") == "DETAILED")
    if is_detailed and "text" in members["source"]:
        # The construct accepts detailed messages only for PySpark jobs.
        return Undeclared({"errorMessageConfiguration": members["errorMessageConfiguration"]})
    return is_detailed


def budget(members: Mapping[str, Any]) -> Call | Undeclared:
    """Return the budget of a privacy budget template."""
    refreshes = members.get("autoRefresh") == "CALENDAR_MONTH"
    privacy = member(members, "parameters.differentialPrivacy")
    if privacy is not None:
        return Call(
            "DifferentialPrivacyBudget",
            epsilon=privacy["epsilon"],
            users_noise_per_query=privacy["usersNoisePerQuery"],
            refresh_monthly=refreshes or None,
        )
    access = members["parameters"]["accessBudget"]
    given = access["budgetParameters"]
    lifetimes = [one["budget"] for one in given if one["type"] == _LIFETIME]
    periods = [one for one in given if one["type"] != _LIFETIME]
    if len(lifetimes) > 1 or len(periods) > 1 or refreshes:
        return Undeclared(members["parameters"])
    return Call(
        "AccessBudget",
        association=access["resourceArn"],
        per_period=_period(periods[0]) if periods else None,
        lifetime=lifetimes[0] if lifetimes else None,
    )


def _period(parameter: Mapping[str, Any]) -> Call:
    return Call(
        "PeriodBudget",
        budget=parameter["budget"],
        period=parameter["type"].removeprefix(_CALENDAR),
        refresh=parameter.get("autoRefresh") == "ENABLED" or None,
    )
