"""What the local Clean Rooms refuses in the analysis rule of a configured table.

The refusals are those of the user guide and of the API reference. A refusal that only follows from
them is marked as inferred, and can be switched off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .service_model import Members

_ANY_JOB = "ANY_JOB"
_ANY = ("ANY_QUERY", _ANY_JOB)
_FOR_QUERIES = ("aggregationThresholds", "comparisonControls")


class Refusal(NamedTuple):
    """A reason why a rule is refused."""

    message: str
    is_inferred: bool = False


def refusals(table: Members, kind: str, rule: Members) -> Iterator[Refusal]:
    """Yield the reasons why a table cannot have a rule.

    Args:
        table: The configured table.
        kind: The type of the rule.
        rule: The content of the rule.
    """
    [source] = table["tableReference"]
    if kind != "CUSTOM" and source != "glue":
        yield Refusal(f"A table of {source} can only have a rule of the type CUSTOM, not {kind}.")
    if kind != "CUSTOM" and table["analysisMethod"] == "DIRECT_JOB":
        yield Refusal(f"A rule of the type {kind} allows no jobs.", is_inferred=True)
    check = {"AGGREGATION": _aggregation, "LIST": _list, "CUSTOM": _custom}[kind]
    yield from check(rule)
    if "differentialPrivacy" in rule and source != "glue":
        yield Refusal(f"Differential privacy is not for tables of {source}.")
    for column in dict.fromkeys(_columns(kind, rule)):
        if column not in table["allowedColumns"]:
            yield Refusal(f"The column {column} is not in allowedColumns.", is_inferred=True)


def _aggregation(rule: Members) -> Iterator[Refusal]:
    dimensions = rule["dimensionColumns"]
    aggregated = [name for each in rule["aggregateColumns"] for name in each["columnNames"]]
    yield from _in_both("dimensionColumns", dimensions, "joinColumns", rule["joinColumns"])
    yield from _in_both("dimensionColumns", dimensions, "aggregateColumns", aggregated)


def _list(rule: Members) -> Iterator[Refusal]:
    yield from _in_both("listColumns", rule["listColumns"], "joinColumns", rule["joinColumns"])


def _in_both(
    one: str, columns: Iterable[str], other: str, others: Iterable[str]
) -> Iterator[Refusal]:
    for name in sorted({*columns} & {*others}):
        yield Refusal(f"The column {name} cannot be in both {one} and {other}.")


def _custom(rule: Members) -> Iterator[Refusal]:
    analyses = rule["allowedAnalyses"]
    wide = [each for each in analyses if each in _ANY]
    providers = rule.get("allowedAnalysisProviders")
    if wide and len(wide) < len(analyses):
        yield Refusal(f"allowedAnalyses cannot have both {wide[0]} and analysis templates.")
    if wide and not providers:
        yield Refusal(f"allowedAnalysisProviders is required with {wide[0]}.")
    if providers and analyses and not wide:
        yield Refusal("allowedAnalysisProviders cannot be combined with analysis templates.")
    for name in _FOR_QUERIES:
        if name in rule and "differentialPrivacy" in rule:
            yield Refusal(f"{name} cannot be combined with differentialPrivacy.")
        if name in rule and analyses and {*analyses} == {_ANY_JOB}:
            yield Refusal(f"{name} cannot be used when allowedAnalyses allows only jobs.")
    literal = rule.get("comparisonControls", {}).get("allowedLiteralComparisonColumns", ())
    for threshold in rule.get("aggregationThresholds", ()):
        for name in sorted({*threshold["identityColumns"]} & {*literal}):
            yield Refusal(f"The identity column {name} cannot be compared with literals.")
        overrides = threshold.get("outputColumnThresholds", ())
        names = [each["outputColumnName"] for each in overrides]
        if len({*names}) < len(names):
            yield Refusal("outputColumnThresholds can have each column only once.")
        if any(each["minimumIdentityCount"] == 1 for each in overrides):
            yield Refusal("minimumIdentityCount of an output column must be 0, or 2 or greater.")


def _columns(kind: str, rule: Members) -> Iterator[str]:
    """Yield the columns that a rule names."""
    if kind == "CUSTOM":
        yield from rule.get("disallowedOutputColumns", ())
        for columns in rule.get("comparisonControls", {}).values():
            yield from columns
        for each in rule.get("differentialPrivacy", {}).get("columns", ()):
            yield each["name"]
        for each in rule.get("aggregationThresholds", ()):
            yield from each["identityColumns"]
        return
    yield from rule["joinColumns"]
    yield from rule.get("listColumns", ())
    yield from rule.get("dimensionColumns", ())
    for each in rule.get("aggregateColumns", ()):
        yield from each["columnNames"]
    for each in rule.get("outputConstraints", ()):
        yield each["columnName"]
