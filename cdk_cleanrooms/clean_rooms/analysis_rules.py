"""The analysis rules of configured tables, and everything that can be wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Any, ClassVar, TypeAlias

from aws_cdk.aws_cleanrooms import CfnConfiguredTable
from aws_cdk.interfaces.aws_cleanrooms import IAnalysisTemplateRef
from constructs import Construct

from .._core import checks
from .._core.construct_checks import elsewhere
from .._core.facts import facts_about
from .._core.references import Reference
from .._core.validation import Problem, Rule
from . import values
from .analysis_sources import PySparkSource, TemplateFacts

ANALYSIS_TEMPLATE_ARN = Reference("analysis_template_ref", "analysis_template_arn", "attr_arn")
COLUMN_LIMIT = 128
_COLUMN_LIMIT_IN_RULES = 127
_COLUMN = re.compile(r"[a-z0-9_](([a-z0-9_ ]+-)*([a-z0-9_ ]+))?")
_LEAST_COUNT = 2
_GREATEST_COUNT = 100_000
_TEMPLATE_ARN_LIMIT = 200
_RULE_LIMIT = 100_000
_COUNT_DISTINCT = "COUNT_DISTINCT"
_ID = checks.IDENTIFIER.pattern


class AnalysisMethod(StrEnum):
    """A way to analyze a configured table.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_CreateConfiguredTable.html
    """

    DIRECT_QUERY = "DIRECT_QUERY"
    """SQL queries."""
    DIRECT_JOB = "DIRECT_JOB"
    """PySpark jobs."""


class AnalysisRuleType(StrEnum):
    """The type of an analysis rule.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/userguide/analysis-rules.html
    """

    AGGREGATION = "AGGREGATION"
    """Queries return aggregated statistics."""
    LIST = "LIST"
    """Queries return the rows that the tables have in common."""
    CUSTOM = "CUSTOM"
    """Analysis templates, or queries and jobs of the accounts that you name."""


class AggregateFunction(StrEnum):
    """A function that aggregates the values of a column.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_AggregateColumn.html
    """

    SUM = "SUM"
    """The sum."""
    SUM_DISTINCT = "SUM_DISTINCT"
    """The sum of the different values."""
    COUNT = "COUNT"
    """The number of values."""
    COUNT_DISTINCT = "COUNT_DISTINCT"
    """The number of different values."""
    AVG = "AVG"
    """The average."""


class ScalarFunction(StrEnum):
    """A function that queries can apply to single values.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/userguide/analysis-rules-aggregation.html
    """

    TRUNC = "TRUNC"
    ABS = "ABS"
    CEILING = "CEILING"
    FLOOR = "FLOOR"
    LN = "LN"
    LOG = "LOG"
    ROUND = "ROUND"
    SQRT = "SQRT"
    CAST = "CAST"
    LOWER = "LOWER"
    RTRIM = "RTRIM"
    UPPER = "UPPER"
    COALESCE = "COALESCE"
    CONVERT = "CONVERT"
    CURRENT_DATE = "CURRENT_DATE"
    DATEADD = "DATEADD"
    EXTRACT = "EXTRACT"
    GETDATE = "GETDATE"
    SUBSTRING = "SUBSTRING"
    TO_CHAR = "TO_CHAR"
    TO_DATE = "TO_DATE"
    TO_NUMBER = "TO_NUMBER"
    TO_TIMESTAMP = "TO_TIMESTAMP"
    TRIM = "TRIM"


class JoinOperator(StrEnum):
    """A logical operator between the conditions of one join.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/userguide/analysis-rules-list.html
    """

    AND = "AND"
    """All conditions hold."""
    OR = "OR"
    """At least one condition holds."""


class AdditionalAnalyses(StrEnum):
    """Whether further analyses, such as machine learning, can use the result of a query.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_AnalysisRuleCustom.html
    """

    ALLOWED = "ALLOWED"
    """Further analyses can use it."""
    REQUIRED = "REQUIRED"
    """Only further analyses can use it, and nobody receives the result of the query itself."""
    NOT_ALLOWED = "NOT_ALLOWED"
    """No further analysis can use it."""


class AnyAnalysis(StrEnum):
    """Everything that the accounts in `allowed_analysis_providers` run.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/userguide/analysis-rules-custom.html
    """

    ANY_QUERY = "ANY_QUERY"
    """Any SQL query."""
    ANY_JOB = "ANY_JOB"
    """Any PySpark job."""


class AggregateExpressionType(StrEnum):
    """What an aggregate function can have as its argument.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_AggregationThreshold.html
    """

    COLUMNS_ONLY = "COLUMNS_ONLY"
    """A column."""
    ANY_EXPRESSION = "ANY_EXPRESSION"
    """Any expression."""


@dataclass(frozen=True, kw_only=True)
class AggregationAnalysisRule:
    """A rule for queries that return aggregated statistics. The table checks the values.

    Attributes:
        aggregate_columns: The columns that queries can aggregate, as a mapping of functions to
            lists of columns. At least one.
        join_columns: The columns on which queries can join the table with others. None by default.
        dimension_columns: The columns by which queries can group and filter. None by default. A
            column cannot be here and in `join_columns` or `aggregate_columns`.
        scalar_functions: The functions that queries can apply to the dimension columns. None by
            default.
        output_constraints: The minimum number of different values of a column in each group of the
            result, 2 to 100,000, as a mapping of columns to numbers. At least one.
        join_required: Whether the member who can query has to join the table with one of its own.
            False by default.
        allowed_join_operators: The operators between the conditions of one join. By default `AND`
            if there are several join columns.
        additional_analyses: Whether further analyses can use the results. AWS's default is
            `NOT_ALLOWED`.
    """

    type: ClassVar[AnalysisRuleType] = AnalysisRuleType.AGGREGATION

    aggregate_columns: Mapping[AggregateFunction | str, Sequence[str]]
    join_columns: Sequence[str] = ()
    dimension_columns: Sequence[str] = ()
    scalar_functions: Sequence[ScalarFunction | str] = ()
    output_constraints: Mapping[str, int]
    join_required: bool = False
    allowed_join_operators: Sequence[JoinOperator | str] | None = None
    additional_analyses: AdditionalAnalyses | str | None = None


@dataclass(frozen=True, kw_only=True)
class ListAnalysisRule:
    """A rule for queries that return the rows that tables have in common. The table checks it.

    Attributes:
        join_columns: The columns on which queries have to join the table. At least one.
        list_columns: The columns that the result can contain. A column cannot be in both lists.
        allowed_join_operators: The operators between the conditions of one join. By default `AND`
            if there are several join columns.
        additional_analyses: Whether further analyses can use the results. AWS's default is
            `NOT_ALLOWED`.
    """

    type: ClassVar[AnalysisRuleType] = AnalysisRuleType.LIST

    join_columns: Sequence[str]
    list_columns: Sequence[str]
    allowed_join_operators: Sequence[JoinOperator | str] | None = None
    additional_analyses: AdditionalAnalyses | str | None = None


@dataclass(frozen=True, kw_only=True)
class AggregationThreshold:
    """A minimum number of different people in each row of a result. The table checks the values.

    Attributes:
        identity_column: The column that identifies a person, of the type string, varchar or char.
        minimum_identity_count: The minimum number of its different values, 2 to 100,000.
        allowed_aggregate_expression_type: What an aggregate function can have as its argument.
            `COLUMNS_ONLY` by default.
        output_column_thresholds: Another minimum for single columns of the result, as a mapping of
            columns to numbers: 0 for none, or 2 to 100,000. None by default.
    """

    identity_column: str
    minimum_identity_count: int
    allowed_aggregate_expression_type: AggregateExpressionType | str = (
        AggregateExpressionType.COLUMNS_ONLY
    )
    output_column_thresholds: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CustomAnalysisRule:
    """A rule that allows analysis templates, or analyses of named accounts. The table checks it.

    Attributes:
        allowed_analyses: The analysis templates that can run, as constructs or ARNs, or members of
            `AnyAnalysis` together with `allowed_analysis_providers`. By default nothing can run
            yet.
        allowed_analysis_providers: The accounts that can run `ANY_QUERY` or `ANY_JOB`, 12 digits
            each. Such an account can run any analysis, now and later, in each collaboration with
            the table. None by default.
        differential_privacy_column: The column that identifies a person, which turns on
            differential privacy. Only for tables of AWS Glue. None by default.
        disallowed_output_columns: The columns that the result cannot contain. None by default.
        aggregation_threshold: A minimum number of people in each row of the result. None by
            default.
        literal_comparison_columns: The columns that queries can compare with literals. By default
            all. `[]` for none. Pass it together with `column_comparison_columns`.
        column_comparison_columns: The columns that queries can compare with other columns. By
            default all. `[]` for none. Pass it together with `literal_comparison_columns`.
        additional_analyses: Whether further analyses can use the results. AWS's default is
            `NOT_ALLOWED`.
    """

    type: ClassVar[AnalysisRuleType] = AnalysisRuleType.CUSTOM

    allowed_analyses: Sequence[IAnalysisTemplateRef | AnyAnalysis | str] = ()
    allowed_analysis_providers: Sequence[str] = ()
    differential_privacy_column: str | None = None
    disallowed_output_columns: Sequence[str] = ()
    aggregation_threshold: AggregationThreshold | None = None
    literal_comparison_columns: Sequence[str] | None = None
    column_comparison_columns: Sequence[str] | None = None
    additional_analyses: AdditionalAnalyses | str | None = None


AnalysisRule: TypeAlias = AggregationAnalysisRule | ListAnalysisRule | CustomAnalysisRule


def _column(limit: int, least: int = 1) -> Rule:
    @checks.text("the name of a column, a string")
    def rule(value: str) -> Iterator[checks.Fault]:
        yield from checks.length("Column", value, least, limit)
        if value and not _COLUMN.fullmatch(value):
            lower = value.lower()
            if value != lower and _COLUMN.fullmatch(lower):
                message = (
                    f"has uppercase letters, and Clean Rooms has none in columns; use {lower!r}"
                )
                yield "ColumnUppercase", message
            else:
                yield (
                    "ColumnCharacters",
                    "is not the name of a column in Clean Rooms; use lowercase letters, digits,"
                    " underscores, spaces and single hyphens; a hyphen cannot be the first, second"
                    " or last character, and a space cannot be the first",
                )

    return rule


column = _column(COLUMN_LIMIT)
"""Check the name of a column that a configured table allows."""
_rule_column = _column(_COLUMN_LIMIT_IN_RULES)
_count = values.integer(_LEAST_COUNT, _GREATEST_COUNT)
_COLUMNS = "a list of columns, such as ['order_id']"
_columns = values.each_once(_rule_column, _COLUMNS)
_some_columns = values.each_once(_rule_column, _COLUMNS, least=1)
_aggregate_columns = values.mapping(
    checks.choice(*(each.value for each in AggregateFunction)),
    _some_columns,
    "a mapping of functions to columns, such as {'SUM': ['amount']}",
    least=1,
)
_MINIMUMS = "a mapping of columns to numbers, such as {'customer_id': 100}"
_output_constraints = values.mapping(_rule_column, _count, _MINIMUMS, least=1)
_output_column_thresholds = values.mapping(
    _rule_column, values.integer(_LEAST_COUNT, _GREATEST_COUNT, exception=0), _MINIMUMS
)
_expression_type = checks.choice(*(each.value for each in AggregateExpressionType))
_additional = checks.optional(checks.choice(*(each.value for each in AdditionalAnalyses)))
_operators = checks.optional(checks.several(JoinOperator))

template_arn = checks.arn(
    "an analysis template",
    "cleanrooms",
    re.compile(f"membership/{_ID}/analysistemplate/{_ID}"),
    "membership/<membership ID>/analysistemplate/<ID>",
    alternative=", the analysis template as a construct, or a member of AnyAnalysis",
    limit=_TEMPLATE_ARN_LIMIT,
)
"""Check the ARN of an analysis template."""


@checks.text("the ID of an account, a string of 12 digits")
def account(value: str) -> Iterator[checks.Fault]:
    """Check the ID of an account."""
    if not checks.ACCOUNT.fullmatch(value):
        yield "AccountIdMalformed", "is not the ID of an AWS account; use its 12 digits"


def _analysis(property: str, value: object) -> Iterator[Problem]:
    text = ANALYSIS_TEMPLATE_ARN.read(value)
    if text not in [*AnyAnalysis]:
        yield from template_arn(property, text)


_analyses = values.each_once(_analysis, "a list of analysis templates, or [AnyAnalysis.ANY_QUERY]")
_providers = values.each_once(account, "a list of accounts, such as ['111122223333']")


def rule_problems(property: str, value: object) -> Iterator[Problem]:
    """Check an analysis rule without its table."""
    if isinstance(value, AggregationAnalysisRule):
        yield from _aggregation_problems(property, value)
    elif isinstance(value, ListAnalysisRule):
        yield from _list_problems(property, value)
    elif isinstance(value, CustomAnalysisRule):
        yield from _custom_problems(property, value)
    else:
        expected = "an AggregationAnalysisRule, a ListAnalysisRule or a CustomAnalysisRule"
        yield checks.wrong_type(property, value, expected)


def _aggregation_problems(property: str, rule: AggregationAnalysisRule) -> Iterator[Problem]:
    yield from values.parts(
        property,
        "its ",
        ("aggregate_columns", rule.aggregate_columns, _aggregate_columns),
        ("join_columns", rule.join_columns, _columns),
        ("dimension_columns", rule.dimension_columns, _columns),
        ("scalar_functions", rule.scalar_functions, checks.several(ScalarFunction)),
        ("output_constraints", rule.output_constraints, _output_constraints),
        ("join_required", rule.join_required, checks.flag),
        ("allowed_join_operators", rule.allowed_join_operators, _operators),
        ("additional_analyses", rule.additional_analyses, _additional),
    )
    columns = _columns_of(rule)
    yield from _in_both(property, columns, "dimension_columns", "join_columns")
    yield from _in_both(property, columns, "dimension_columns", "aggregate_columns")
    if rule.join_required is True and not rule.join_columns:
        message = (
            "its join_required is True, but it has no join_columns, so no query could satisfy it;"
            " pass join_columns, or leave join_required out"
        )
        yield Problem(property, rule.join_required, message, "JoinColumnsMissing")


def _list_problems(property: str, rule: ListAnalysisRule) -> Iterator[Problem]:
    yield from values.parts(
        property,
        "its ",
        ("join_columns", rule.join_columns, _some_columns),
        ("list_columns", rule.list_columns, _columns),
        ("allowed_join_operators", rule.allowed_join_operators, _operators),
        ("additional_analyses", rule.additional_analyses, _additional),
    )
    yield from _in_both(property, _columns_of(rule), "list_columns", "join_columns")


def _in_both(
    property: str, columns: Mapping[str, Sequence[str]], one: str, other: str
) -> Iterator[Problem]:
    for name in columns[one]:
        if name in columns[other]:
            message = (
                f"{name!r} is in {one} and in {other}, and a column cannot be in both; use it in"
                " one of them"
            )
            yield Problem(property, name, message, "ColumnInBoth")


def _custom_problems(property: str, rule: CustomAnalysisRule) -> Iterator[Problem]:
    comparisons = checks.optional(_columns)
    yield from values.parts(
        property,
        "its ",
        ("allowed_analyses", rule.allowed_analyses, _analyses),
        ("allowed_analysis_providers", rule.allowed_analysis_providers, _providers),
        (
            "differential_privacy_column",
            rule.differential_privacy_column,
            checks.optional(column),
        ),
        ("disallowed_output_columns", rule.disallowed_output_columns, _columns),
        (
            "aggregation_threshold",
            rule.aggregation_threshold,
            checks.optional(
                values.instance(
                    AggregationThreshold,
                    "AggregationThreshold(identity_column=…, minimum_identity_count=…)",
                    _threshold_problems,
                )
            ),
        ),
        ("literal_comparison_columns", rule.literal_comparison_columns, comparisons),
        ("column_comparison_columns", rule.column_comparison_columns, comparisons),
        ("additional_analyses", rule.additional_analyses, _additional),
    )
    yield from _allowed_problems(property, rule)
    yield from _comparison_problems(property, rule)
    if rule.differential_privacy_column is not None:
        for name in ("aggregation_threshold", *_COMPARISONS):
            if getattr(rule, name) is not None:
                message = (
                    f"its {name} cannot be combined with differential privacy; leave it out, or"
                    " leave differential_privacy_column out"
                )
                yield Problem(property, getattr(rule, name), message, "NotWithDifferentialPrivacy")
    if _allows_only_jobs(rule):
        yield from _only_for_queries(property, rule, "allowed_analyses has only jobs")


def _allows_only_jobs(rule: CustomAnalysisRule) -> bool:
    analyses = rule.allowed_analyses if values.is_list(rule.allowed_analyses) else ()
    return bool(analyses) and all(
        isinstance(facts.source, PySparkSource)
        if (facts := facts_about(each, TemplateFacts))
        else isinstance(each, str) and each == AnyAnalysis.ANY_JOB
        for each in analyses
    )


def _only_for_queries(property: str, rule: CustomAnalysisRule, reason: str) -> Iterator[Problem]:
    for name in ("aggregation_threshold", *_COMPARISONS):
        if getattr(rule, name) is not None:
            message = f"its {name} is for queries, and {reason}; leave it out"
            yield Problem(property, getattr(rule, name), message, "OnlyForQueries")


def _threshold_problems(property: str, threshold: Any) -> Iterator[Problem]:
    yield from values.parts(
        property,
        "its ",
        ("identity_column", threshold.identity_column, _rule_column),
        ("minimum_identity_count", threshold.minimum_identity_count, _count),
        (
            "allowed_aggregate_expression_type",
            threshold.allowed_aggregate_expression_type,
            _expression_type,
        ),
        (
            "output_column_thresholds",
            threshold.output_column_thresholds,
            _output_column_thresholds,
        ),
    )


def _allowed_problems(property: str, rule: CustomAnalysisRule) -> Iterator[Problem]:
    if not values.is_list(rule.allowed_analyses) or not values.is_list(
        rule.allowed_analysis_providers
    ):
        return
    if checks.is_list_token(rule.allowed_analyses):
        return
    analyses = [ANALYSIS_TEMPLATE_ARN.read(each) for each in rule.allowed_analyses]
    wide = [each for each in analyses if each in [*AnyAnalysis]]
    # An ARN that is known at deployment could also be the name of an analysis in a parameter.
    templates = [
        each
        for each, given in zip(analyses, rule.allowed_analyses, strict=True)
        if each not in wide
        and (ANALYSIS_TEMPLATE_ARN.accepts(given) or not checks.is_deploy_time(str(each)))
    ]
    is_known = len(wide) + len(templates) == len(analyses)
    providers = rule.allowed_analysis_providers
    if wide and templates:
        message = (
            f"its allowed_analyses has {wide[0]} and analysis templates, and AWS accepts only one"
            " of the two; use the templates, or AnyAnalysis with allowed_analysis_providers"
        )
        yield Problem(property, rule.allowed_analyses, message, "AnyAnalysisAmongTemplates")
    elif wide and not providers:
        message = (
            f"its allowed_analyses has {wide[0]}, but nobody is in allowed_analysis_providers, so"
            " nothing could run; pass the accounts that can run it"
        )
        yield Problem(property, rule.allowed_analyses, message, "AnalysisProvidersMissing")
    elif providers and templates:
        message = (
            "its allowed_analysis_providers are for AnyAnalysis, and allowed_analyses has analysis"
            " templates; leave allowed_analysis_providers out"
        )
        yield Problem(property, providers, message, "ProvidersOfTemplates")
    elif providers and not wide and is_known:
        message = (
            "its allowed_analysis_providers can run nothing without AnyAnalysis; use"
            " allowed_analyses=[AnyAnalysis.ANY_QUERY], AnyAnalysis.ANY_JOB or both"
        )
        yield Problem(property, providers, message, "ProvidersWithoutAnyAnalysis")


_COMPARISONS = ("literal_comparison_columns", "column_comparison_columns")


def _comparison_problems(property: str, rule: CustomAnalysisRule) -> Iterator[Problem]:
    given = [name for name in _COMPARISONS if getattr(rule, name) is not None]
    if len(given) == 1:
        (missing,) = {*_COMPARISONS} - {*given}
        message = (
            f"its {given[0]} is given without {missing}, and AWS needs both; an empty list allows"
            " no comparison, so write the columns of both"
        )
        yield Problem(property, getattr(rule, given[0]), message, "ComparisonMissing")
    threshold = rule.aggregation_threshold
    identity = getattr(threshold, "identity_column", None)
    if identity in values.known_texts(rule.literal_comparison_columns):
        message = (
            f"its literal_comparison_columns contain {identity!r}, which identifies people by the"
            " aggregation_threshold and cannot be compared with literals; leave it out there"
        )
        yield Problem(property, identity, message, "IdentityColumnCompared")


def _columns_of(rule: AnalysisRule) -> dict[str, list[str]]:
    """Return the known columns that a rule names, by the arguments of the rule."""
    if isinstance(rule, AggregationAnalysisRule):
        functions = rule.aggregate_columns
        lists = [*functions.values()] if isinstance(functions, Mapping) else []
        return {
            "aggregate_columns": [each for one in lists for each in values.known_texts(one)],
            "join_columns": values.known_texts(rule.join_columns),
            "dimension_columns": values.known_texts(rule.dimension_columns),
            "output_constraints": values.known_texts(rule.output_constraints),
        }
    if isinstance(rule, ListAnalysisRule):
        return {
            "join_columns": values.known_texts(rule.join_columns),
            "list_columns": values.known_texts(rule.list_columns),
        }
    threshold = rule.aggregation_threshold
    return {
        "differential_privacy_column": values.known_texts([rule.differential_privacy_column]),
        "disallowed_output_columns": values.known_texts(rule.disallowed_output_columns),
        "aggregation_threshold": values.known_texts(
            [
                getattr(threshold, "identity_column", None),
                *values.known_texts(getattr(threshold, "output_column_thresholds", ())),
            ]
        ),
        **{name: values.known_texts(getattr(rule, name)) for name in _COMPARISONS},
    }


def not_allowed_columns(
    property: str, rule: AnalysisRule, allowed_columns: Sequence[str]
) -> Iterator[Problem]:
    """Yield the columns of a rule that its table does not allow.

    Args:
        property: The name of the argument with the rule.
        rule: The rule.
        allowed_columns: The columns that the table allows.
    """
    known = values.known_texts(allowed_columns)
    if not values.is_list(allowed_columns) or len(known) < len(allowed_columns):
        return
    for argument, names in _columns_of(rule).items():
        for name in dict.fromkeys(names):
            if name not in known:
                message = (
                    f"its {argument} contain {name!r}, which is not in allowed_columns; add it"
                    " there, or leave it out"
                )
                yield Problem(property, name, message, "ColumnNotAllowed")


def template_problems(property: str, rule: object, scope: Construct) -> Iterator[Problem]:
    """Yield the analysis templates of a rule that are certainly in another Region than its table.

    Args:
        property: The name of the argument with the rule.
        rule: The rule.
        scope: The scope of the table.
    """
    analyses = rule.allowed_analyses if isinstance(rule, CustomAnalysisRule) else ()
    for each in analyses if values.is_list(analyses) else ():
        reason = "a configured table can only be in collaborations"
        yield from elsewhere(property, each, scope, reason, account=False)


def method_problems(
    property: str, rule: AnalysisRule, methods: Sequence[AnalysisMethod | str]
) -> Iterator[Problem]:
    """Yield what is wrong with a rule, given the analysis methods of its table."""
    if [*methods] != [AnalysisMethod.DIRECT_JOB]:
        return
    if not isinstance(rule, CustomAnalysisRule):
        message = (
            "only a CustomAnalysisRule allows jobs, and DIRECT_JOB is the only analysis method; use"
            " a CustomAnalysisRule, or DIRECT_QUERY"
        )
        yield Problem(property, rule, message, "RuleForQueries")
    elif not _allows_only_jobs(rule):
        yield from _only_for_queries(property, rule, "DIRECT_JOB is the only analysis method")


def source_problems(property: str, rule: AnalysisRule, source: str) -> Iterator[Problem]:
    """Yield what is wrong with a rule for a table that is not of AWS Glue.

    Args:
        property: The name of the argument with the rule.
        rule: The rule.
        source: The source of the table, such as `Snowflake`.
    """
    if not isinstance(rule, CustomAnalysisRule):
        message = f"a table of {source} can only have a CustomAnalysisRule; use one"
        yield Problem(property, rule, message, "RuleOfSource")
    elif rule.differential_privacy_column is not None:
        message = (
            "its differential_privacy_column is only for tables of AWS Glue, and this is a table of"
            f" {source}; leave it out"
        )
        yield Problem(
            property, rule.differential_privacy_column, message, "DifferentialPrivacyOfSource"
        )


def warnings(
    rule: AnalysisRule, methods: Sequence[AnalysisMethod | str]
) -> Iterator[tuple[str, str]]:
    """Yield the ID and the text of each warning about a rule that has no problems."""
    allowed = rule.allowed_analyses if isinstance(rule, CustomAnalysisRule) else ()
    texts = [*chain(*_columns_of(rule).values()), *values.known_texts(allowed)]
    # The names alone, so that the rule itself is certainly larger.
    if sum(map(len, texts)) > _RULE_LIMIT:
        yield (
            "cdk-cleanrooms:analysisRuleTooLarge",
            "The analysis rule has more than 100 KB, which is AWS's quota, and AWS does not raise"
            " it. Allow fewer analyses.",
        )
    if isinstance(rule, AggregationAnalysisRule) and rule.additional_analyses is not None:
        yield (
            "cdk-cleanrooms:additionalAnalysesOfAnAggregation",
            "AWS's documents disagree on whether an aggregation rule can have additional analyses:"
            " the API reference says that only list and custom rules can. If the deployment fails,"
            " use one of those. Otherwise acknowledge this warning.",
        )
    if not isinstance(rule, CustomAnalysisRule):
        if AnalysisMethod.DIRECT_JOB in methods:
            yield (
                "cdk-cleanrooms:jobsNeedACustomRule",
                "The table allows DIRECT_JOB, but only a CustomAnalysisRule allows jobs, so none"
                " can run. Use a CustomAnalysisRule, or leave DIRECT_JOB out.",
            )
        return
    for analysis, method in _METHOD_OF.items():
        if analysis in rule.allowed_analyses and method not in methods:
            yield (
                "cdk-cleanrooms:anyAnalysisWithoutItsMethod",
                f"The rule allows {analysis}, but the table's analysis methods do not have"
                f" {method}, so none can run. Add {method} to analysis_methods, or leave"
                f" {analysis} out.",
            )


_METHOD_OF = {
    AnyAnalysis.ANY_QUERY: AnalysisMethod.DIRECT_QUERY,
    AnyAnalysis.ANY_JOB: AnalysisMethod.DIRECT_JOB,
}


def cfn_rule(rule: AnalysisRule) -> CfnConfiguredTable.AnalysisRuleProperty:
    """Return a rule without problems for an L1."""
    l1 = CfnConfiguredTable
    if isinstance(rule, AggregationAnalysisRule):
        branch: dict[str, Any] = {"aggregation": _cfn_aggregation(rule)}
    elif isinstance(rule, ListAnalysisRule):
        branch = {
            "list": l1.AnalysisRuleListProperty(
                join_columns=[*rule.join_columns],
                list_columns=[*rule.list_columns],
                allowed_join_operators=_operators_of(rule),
                additional_analyses=rule.additional_analyses,
            )
        }
    else:
        branch = {"custom": _cfn_custom(rule)}
    return l1.AnalysisRuleProperty(
        type=rule.type.value,
        policy=l1.ConfiguredTableAnalysisRulePolicyProperty(
            v1=l1.ConfiguredTableAnalysisRulePolicyV1Property(**branch)
        ),
    )


def _operators_of(rule: AggregationAnalysisRule | ListAnalysisRule) -> list[str] | None:
    if rule.allowed_join_operators is not None:
        return [*rule.allowed_join_operators]
    # Where the user guide requires an operator, the API reference documents this default.
    return [JoinOperator.AND.value] if len(rule.join_columns) > 1 else None


def _cfn_aggregation(
    rule: AggregationAnalysisRule,
) -> CfnConfiguredTable.AnalysisRuleAggregationProperty:
    l1 = CfnConfiguredTable
    return l1.AnalysisRuleAggregationProperty(
        aggregate_columns=[
            l1.AggregateColumnProperty(function=function, column_names=[*columns])
            for function, columns in rule.aggregate_columns.items()
        ],
        join_columns=[*rule.join_columns],
        dimension_columns=[*rule.dimension_columns],
        scalar_functions=[*rule.scalar_functions],
        output_constraints=[
            l1.AggregationConstraintProperty(
                column_name=name, minimum=minimum, type=_COUNT_DISTINCT
            )
            for name, minimum in rule.output_constraints.items()
        ],
        join_required="QUERY_RUNNER" if rule.join_required else None,
        allowed_join_operators=_operators_of(rule),
        additional_analyses=rule.additional_analyses,
    )


def _cfn_custom(rule: CustomAnalysisRule) -> CfnConfiguredTable.AnalysisRuleCustomProperty:
    l1 = CfnConfiguredTable
    user = rule.differential_privacy_column
    threshold = rule.aggregation_threshold
    literal, other = rule.literal_comparison_columns, rule.column_comparison_columns
    return l1.AnalysisRuleCustomProperty(
        allowed_analyses=[ANALYSIS_TEMPLATE_ARN.read(each) for each in rule.allowed_analyses],
        allowed_analysis_providers=[*rule.allowed_analysis_providers] or None,
        differential_privacy=None
        if user is None
        else l1.DifferentialPrivacyProperty(
            columns=[l1.DifferentialPrivacyColumnProperty(name=user)]
        ),
        disallowed_output_columns=[*rule.disallowed_output_columns] or None,
        aggregation_thresholds=None if threshold is None else [_cfn_threshold(threshold)],
        comparison_controls=None
        if literal is None or other is None
        else l1.ComparisonControlsProperty(
            allowed_literal_comparison_columns=[*literal],
            allowed_column_comparison_columns=[*other],
        ),
        additional_analyses=rule.additional_analyses,
    )


def _cfn_threshold(
    threshold: AggregationThreshold,
) -> CfnConfiguredTable.AggregationThresholdProperty:
    l1 = CfnConfiguredTable
    return l1.AggregationThresholdProperty(
        identity_columns=[threshold.identity_column],
        minimum_identity_count=threshold.minimum_identity_count,
        type=_COUNT_DISTINCT,
        allowed_aggregate_expression_type=threshold.allowed_aggregate_expression_type,
        output_column_thresholds=[
            l1.OutputColumnThresholdProperty(
                output_column_name=name, minimum_identity_count=minimum
            )
            for name, minimum in threshold.output_column_thresholds.items()
        ]
        or None,
    )
