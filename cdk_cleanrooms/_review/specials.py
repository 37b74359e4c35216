"""Changes whose direction depends on other properties or resources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .directions import (
    BLOCKS,
    LESS,
    MORE,
    NEUTRAL,
    SEEN,
    UNCLEAR,
    UNSEEN,
    Effect,
    Items,
)
from .resources import Resource, called
from .values import ABSENT, Symbolic, as_list, get, is_open, only, same, scalar, texts
from .walking import NOT_KNOWN, Facts, Found, SpecialFunction, Walk, number

ANY_QUERY = "ANY_QUERY"
ANY_JOB = "ANY_JOB"

_CUSTOM = "AnalysisRules.Policy.V1.Custom"
_THRESHOLDS = f"{_CUSTOM}.AggregationThresholds"
_BRANCHES = {"AGGREGATION": "Aggregation", "LIST": "List", "CUSTOM": "Custom"}
_NAMING = ("JoinColumns", "DimensionColumns", "ListColumns")
_CONTROLS = (
    "AggregationThresholds",
    "ComparisonControls",
    "DifferentialPrivacy",
    "DisallowedOutputColumns",
)
_METHODS = {
    "DIRECT_QUERY": {"DIRECT_QUERY"},
    "DIRECT_JOB": {"DIRECT_JOB"},
    "MULTIPLE": {"DIRECT_QUERY", "DIRECT_JOB"},
}
_COLUMN = {"Comment", "Name", "Type"}
_FOREVER = float("inf")
_ACCOUNT_OF_KEY = re.compile(r"arn:[\w-]+:kms:[\w-]*:(\d{12}):", re.ASCII)
_BUCKET = re.compile(r"^s3://")


def rule_of(properties: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """Return the type and the branch of the analysis rule of a table.

    Args:
        properties: The properties of the table.

    Returns:
        The type, which is empty if it is not known, and the branch; None without a rule.
    """
    rules = properties.get("AnalysisRules", ABSENT)
    if rules is ABSENT or rules == []:
        return None
    kind = get(rules, "Type")
    branch = get(rules, f"Policy.V1.{_BRANCHES.get(scalar(kind), '')}")
    if not isinstance(only(rules), dict) or is_open(kind) or not isinstance(branch, dict):
        return "", {}
    return scalar(kind), branch


def _analysis_rule(
    walk: Walk, path: str, at: str, old: Any, new: Any, note: str
) -> Iterator[Found]:
    before, after = rule_of(walk.old), rule_of(walk.new)
    if before is None and after is None:
        return
    if before is None or after is None:
        yield Found(at, old, new, MORE if before is None else LESS, note)
        if after is not None:
            yield from walk.unknown(path, at, new)
    elif before[0] == after[0] and before[0]:
        yield from walk.members(path, at, old, new)
    else:
        yield Found(at, old, new, _other_rule(before, after))
        yield from walk.unknown(path, at, new)


def _other_rule(old: tuple[str, Mapping[str, Any]], new: tuple[str, Mapping[str, Any]]) -> Effect:
    before, after = _level(*old), _level(*new)
    if before is None or after is None:
        return UNCLEAR
    if after > before:
        return MORE
    if after == 0 or (old[0] == "LIST" and _allows_no_more_than_list(old[1], new[1])):
        return LESS
    return UNCLEAR


def _level(kind: str, branch: Mapping[str, Any]) -> int | None:
    """Return how much a rule reveals, or None if that depends on more than the rule."""
    if kind in ("AGGREGATION", "LIST"):
        return 1 if kind == "AGGREGATION" else 2
    if kind != "CUSTOM" or any(map(is_open, as_list(branch.get("AllowedAnalyses", ABSENT)))):
        return None
    allowed = texts(branch.get("AllowedAnalyses", ABSENT))
    if not allowed:
        return (
            0 if scalar(branch.get("AdditionalAnalyses", "NOT_ALLOWED")) == "NOT_ALLOWED" else None
        )
    is_limited = any(name in branch for name in _CONTROLS)
    return 3 if ANY_QUERY in allowed and not is_limited else None


def _allows_no_more_than_list(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    listed, joined = {*texts(old.get("ListColumns", []))}, {*texts(old.get("JoinColumns", []))}
    aggregated = {
        column
        for item in as_list(new.get("AggregateColumns", []))
        for column in texts(get(item, "ColumnNames"))
    }
    additional = old.get("AdditionalAnalyses", ABSENT), new.get("AdditionalAnalyses", ABSENT)
    return (
        {*texts(new.get("DimensionColumns", [])), *aggregated} <= listed
        and {*texts(new.get("JoinColumns", []))} <= joined
        and "JoinRequired" in new
        and {*texts(new.get("AllowedJoinOperators", ["AND"]))}
        <= {*texts(old.get("AllowedJoinOperators", ["AND"]))}
        and same(*additional)
    )


def named_columns(branch: Mapping[str, Any]) -> set[str]:
    """Return the columns that an AGGREGATION or LIST rule allows to use."""
    named = {column for name in _NAMING for column in texts(branch.get(name, ABSENT))}
    for item in as_list(branch.get("AggregateColumns", ABSENT)):
        named |= {*texts(get(item, "ColumnNames"))}
    return named


def _allowed_columns(
    walk: Walk, _path: str, at: str, old: Any, new: Any, _note: str
) -> Iterator[Found]:
    rules = rule_of(walk.old), rule_of(walk.new)
    note = ""
    effects = dict.fromkeys({*texts(old), *texts(new)}, (NEUTRAL, NEUTRAL))
    if any(rule is not None and rule[0] == "" for rule in rules):
        effects = dict.fromkeys(effects, (UNCLEAR, UNCLEAR))
    elif any(rule is not None and rule[0] == "CUSTOM" for rule in rules):
        effects = dict.fromkeys(effects, (MORE, LESS))
    else:
        note = "Only columns that the analysis rule names can be used."
        named = [named_columns(rule[1]) if rule else set[str]() for rule in rules]
        for column in effects:
            effects[column] = (
                MORE if column in named[1] else NEUTRAL,
                LESS if column in named[0] else NEUTRAL,
            )
    yield from walk.items(at, old, new, Items(values=effects, note=note))


def methods(properties: Mapping[str, Any]) -> set[str] | None:
    """Return by which methods a table can be analyzed, or None if they are not known."""
    method = scalar(properties.get("AnalysisMethod", ""))
    selected = properties.get("SelectedAnalysisMethods", ABSENT)
    if method == "MULTIPLE" and selected is not ABSENT and not is_open(selected):
        known = {*texts(selected)}
        return known if known <= {*_METHODS["MULTIPLE"]} else None
    return _METHODS.get(method)


def _analysis_method(
    walk: Walk, path: str, at: str, old: Any, new: Any, note: str
) -> Iterator[Found]:
    key = "AnalysisMethod"
    # A change of both properties is reported once.
    if path != key and not same(walk.old.get(key, ABSENT), walk.new.get(key, ABSENT)):
        return
    before, after = methods(walk.old), methods(walk.new)
    if before is None or after is None:
        yield Found(at, old, new, UNCLEAR, NOT_KNOWN)
    elif before != after:
        gained = after - before
        effect = LESS
        if gained:
            effect = MORE if any(_is_allowed(walk, method) for method in gained) else UNCLEAR
        yield Found(at, old, new, effect, note)


def _is_allowed(walk: Walk, method: str) -> bool:
    rule = rule_of(walk.new)
    if rule is None:
        return False
    kind, branch = rule
    allowed = texts(branch.get("AllowedAnalyses", ABSENT))
    templates = [it for it in allowed if it not in (ANY_QUERY, ANY_JOB)]
    if method == "DIRECT_JOB":
        return ANY_JOB in allowed or any(it in walk.facts.jobs for it in templates)
    return (
        kind in ("AGGREGATION", "LIST")
        or ANY_QUERY in allowed
        or any(it not in walk.facts.jobs for it in templates)
    )


def _thresholds_of_columns(
    walk: Walk, _path: str, at: str, old: Any, new: Any, note: str
) -> Iterator[Found]:
    sides = []
    for value, properties in ((old, walk.old), (new, walk.new)):
        entries = as_list(value)
        minimum = number(get(properties, f"{_THRESHOLDS}.MinimumIdentityCount"))
        own = {
            scalar(it.get("OutputColumnName", "")): number(it.get("MinimumIdentityCount", ""))
            for it in entries
            if isinstance(it, dict)
        }
        is_known = all(
            isinstance(it, dict) and {*it} <= {"OutputColumnName", "MinimumIdentityCount"}
            for it in entries
        )
        if minimum is None or None in own.values() or not is_known or len(own) != len(entries):
            yield Found(at, old, new, UNCLEAR, note)
            return
        sides.append((own, minimum))
    (before, old_minimum), (after, new_minimum) = sides
    for column in sorted({*before, *after}):
        was, now = before.get(column), after.get(column)
        if was != now:
            low, high = (old_minimum if was is None else was), (new_minimum if now is None else now)
            effect = NEUTRAL
            if low is not None and high is not None and low != high:
                effect = MORE if high < low else LESS
            yield Found(
                f"{at}[{column}]",
                ABSENT if was is None else was,
                ABSENT if now is None else now,
                effect,
                note,
            )


def _refresh(walk: Walk, _path: str, at: str, old: Any, new: Any, _note: str) -> Iterator[Found]:
    effect = UNCLEAR
    if scalar(walk.new.get("PrivacyBudgetType", "")) == "DIFFERENTIAL_PRIVACY":
        effect = {
            ("NONE", "CALENDAR_MONTH"): MORE,
            ("CALENDAR_MONTH", "NONE"): LESS,
        }.get((scalar(old), scalar(new)), UNCLEAR)
    yield Found(at, old, new, effect, "A budget that is refreshed is not used up for good.")


def _lifecycle(_walk: Walk, _path: str, at: str, old: Any, new: Any, note: str) -> Iterator[Found]:
    before, after = _expirations(old), _expirations(new)
    if before is None or after is None or before == after:
        yield Found(at, old, new, UNCLEAR, note)
        return
    effects = []
    for key in {*before, *after}:
        was, now = before.get(key, _FOREVER), after.get(key, _FOREVER)
        if was != now:
            effects.append(MORE if now > was else LESS)
    yield Found(at, old, new, MORE if MORE in effects else LESS, note)


def _expirations(value: Any) -> dict[str, float] | None:
    """Return after how many days objects are deleted, by all else that the rules say."""
    found = {}
    for rule in as_list(get(value, "Rules")):
        if not isinstance(rule, dict):
            return None
        rest = {k: v for k, v in rule.items() if k not in ("ExpirationInDays", "Id")}
        days = number(rule.get("ExpirationInDays", _FOREVER))
        if days is None:
            return None
        if scalar(rule.get("Status", "Enabled")) == "Enabled":
            found[scalar(rest)] = days
    return found


def _log_group(walk: Walk, _path: str, at: str, old: Any, new: Any, note: str) -> Iterator[Found]:
    effect = NEUTRAL
    if is_log_of_the_service(walk.resource):
        before = _FOREVER if old is ABSENT else number(old)
        after = _FOREVER if new is ABSENT else number(new)
        effect = UNCLEAR
        if before is not None and after is not None:
            effect = SEEN if after > before else UNSEEN
    yield Found(at, old, new, effect, note)


def is_log_of_the_service(resource: Resource) -> bool:
    """Return whether a log group is one that AWS Clean Rooms writes."""
    return "cleanrooms" in resource.text("LogGroupName").lower()


def _key(walk: Walk, _path: str, at: str, old: Any, new: Any, note: str) -> Iterator[Found]:
    before, after = (_ACCOUNT_OF_KEY.match(scalar(it)) for it in (old, new))
    own = walk.resource.stack.account or (before and before[1])
    effect = UNCLEAR
    if new is ABSENT or (own and after and after[1] != own):
        effect = MORE
    elif old is ABSENT:
        effect = LESS
    yield Found(at, old, new, effect, note)


def _place(walk: Walk, _path: str, at: str, old: Any, new: Any, note: str) -> Iterator[Found]:
    before, after = (_BUCKET.sub("", scalar(it)).partition("/")[0] for it in (old, new))
    owner, own = walk.facts.buckets.get(after), walk.resource.stack.account
    is_foreign = before != after and owner is not None and own is not None and owner != own
    yield Found(at, old, new, MORE if is_foreign else UNCLEAR, note)


def _public_access(
    walk: Walk, path: str, at: str, old: Any, new: Any, note: str
) -> Iterator[Found]:
    if old is not ABSENT and new is not ABSENT:
        yield from walk.members(path, at, old, new)
        return
    effect = MORE
    if old is ABSENT:
        # What a configuration does not say is off.
        blocks = [get(new, name) for name in BLOCKS]
        if all(scalar(it).lower() == "true" for it in blocks):
            effect = LESS
        elif any(map(is_open, blocks)):
            effect = UNCLEAR
    yield Found(at, old, new, effect, note)


def _columns(_walk: Walk, _path: str, at: str, old: Any, new: Any, note: str) -> Iterator[Found]:
    before = [scalar(get(it, "Name")) for it in as_list(old)]
    after = [scalar(get(it, "Name")) for it in as_list(new)]
    is_known = all(isinstance(it, dict) and {*it} <= _COLUMN for it in as_list(new))
    effect = NEUTRAL if is_known and after[: len(before)] == before else UNCLEAR
    yield Found(at, old, new, effect, note if effect is UNCLEAR else "")


def _tags(walk: Walk, _path: str, at: str, old: Any, new: Any, _note: str) -> Iterator[Found]:
    if walk.facts.tags_matter:
        yield Found(at, old, new, UNCLEAR, "A policy has a condition on tags.")
    else:
        yield Found(at, old, new, NEUTRAL)


def _managed_policies(
    walk: Walk, _path: str, at: str, old: Any, new: Any, note: str
) -> Iterator[Found]:
    before, after = (
        [it for it in as_list(value) if scalar(it) not in walk.facts.managed]
        for value in (old, new)
    )
    yield from walk.items(at, before, after, Items(UNCLEAR, LESS, note=note))


def _nothing(*_: Any) -> Iterator[Found]:
    """Leave a property to the comparison of policies, which reads all of them together."""
    yield from ()


SPECIALS: Final[Mapping[str, SpecialFunction]] = {
    "allowed_columns": _allowed_columns,
    "analysis_method": _analysis_method,
    "analysis_rule": _analysis_rule,
    "columns": _columns,
    "key": _key,
    "lifecycle": _lifecycle,
    "log_group": _log_group,
    "managed_policies": _managed_policies,
    "place": _place,
    "policy": _nothing,
    "public_access": _public_access,
    "refresh": _refresh,
    "tags": _tags,
    "thresholds_of_columns": _thresholds_of_columns,
}
"""The functions for properties, by the names in the table of directions."""


def effect_of_existence(name: str, resource: Resource, facts: Facts, *, is_there: bool) -> Effect:
    """Return what it means that a resource is created or removed.

    Args:
        name: The name in the table of directions.
        resource: The resource.
        facts: What is known of other resources.
        is_there: Whether it is created.

    Returns:
        The effect.
    """
    match name:
        case "budget":
            # Tables with differential privacy can be queried only with a budget.
            kind = resource.text("PrivacyBudgetType")
            if kind not in ("DIFFERENTIAL_PRIVACY", "ACCESS_BUDGET"):
                return UNCLEAR
            return MORE if is_there == (kind == "DIFFERENTIAL_PRIVACY") else LESS
        case "template":
            return _effect_of_template(resource, facts) if is_there else LESS
        case "log_group" if is_log_of_the_service(resource):
            return UNSEEN if is_there == (resource.get("RetentionInDays") is not ABSENT) else SEEN
    return NEUTRAL


def _effect_of_template(resource: Resource, facts: Facts) -> Effect:
    account = resource.scope.value({"Ref": "AWS::AccountId"})
    if called(account) in facts.providers:
        return MORE
    if facts.has_open_providers:
        return UNCLEAR
    # The account is not known, but it is none of those that it invites.
    if isinstance(account, Symbolic) and facts.providers - facts.members:
        return UNCLEAR
    return NEUTRAL
