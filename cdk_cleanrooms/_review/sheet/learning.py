"""What each member can learn, by the rules of tables, associations and collaborations together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..document import Section, Table, Text, listed, quoted, text
from ..resources import Resource, called
from ..specials import ANY_JOB, ANY_QUERY, methods, named_columns, rule_of
from ..values import ABSENT, as_list, get, scalar, texts
from ..walking import number
from .members import Member, members_of
from .view import (
    ASSOCIATION,
    COLLABORATION,
    ID_ASSOCIATION,
    ID_MAPPING_TABLE,
    MEMBERSHIP,
    View,
)

_NOTHING: Text = ("nothing",)
_NONE: Text = ("-",)
# The collaboration is not in the templates.
_OTHERS = [Member("(whoever is in it)", "", ["CAN_QUERY", "CAN_RECEIVE_RESULTS", "CAN_RUN_JOB"])]
_SOURCES = (
    "MemberAbilities",
    "AllowedColumns",
    "AnalysisRules",
    "ConfiguredTableAssociationAnalysisRules",
)


def learning(view: View) -> Section:
    """Return the section about what each member can learn."""
    section = Section(("Who can learn what",))
    rows = [row for it in view.of(ASSOCIATION) for row in _of_table(view, it)]
    rows += [row for it in view.of(ID_MAPPING_TABLE) for row in _of_mapping_table(view, it)]
    if rows:
        section.say(
            "This table takes all rules of these templates together. The sections below say more."
        )
        section.blocks.append(
            Table(("Member", "Table", "Can", "Only through", "Never put out"), rows, _SOURCES)
        )
    elif view.of(COLLABORATION) or view.of(MEMBERSHIP):
        section.say(
            "Nobody can query anything of these templates: no table and no ID mapping table of them"
            " is in a collaboration.",
            source=(ASSOCIATION, ID_MAPPING_TABLE),
        )
    return section


def _members(view: View, resource: Resource) -> list[Member]:
    collaboration = view.collaboration(resource.get("MembershipIdentifier"))
    return _OTHERS if collaboration is None else members_of(collaboration)


def _of_table(view: View, association: Resource) -> Iterator[list[Text]]:
    name = quoted(association.name)
    table = view.referred(association.get("ConfiguredTableIdentifier"))
    members = _members(view, association)
    if table is None:
        use: Text = ("query it, as far as its rule allows, which is not in these templates",)
        through, never, found = _NONE, _NONE, {"DIRECT_QUERY"}
    else:
        use, through, never = _uses(table, members)
        found = methods(table.properties) or {"DIRECT_QUERY", "DIRECT_JOB"}
    receivers = _receivers(association)
    for member in members:
        can: list[Text] = []
        if use != _NOTHING:
            if "CAN_QUERY" in member.abilities and "DIRECT_QUERY" in found:
                can.append(use)
            if "CAN_RUN_JOB" in member.abilities and "DIRECT_JOB" in found:
                can.append(("run jobs on it",))
            if "CAN_RECEIVE_RESULTS" in member.abilities and (
                receivers is None or called(member.account) in receivers
            ):
                can.append(("receive results",))
        words = _joined("; ", can)
        yield [
            quoted(member.name),
            name,
            words or _NOTHING,
            through if words else _NONE,
            never if words else _NONE,
        ]


def _receivers(association: Resource) -> set[str] | None:
    for branch in ("Aggregation", "List", "Custom"):
        path = f"ConfiguredTableAssociationAnalysisRules.Policy.V1.{branch}.AllowedResultReceivers"
        value = association.get(path)
        # AWS does not say what an empty list means.
        if value is not ABSENT and value != []:
            return {called(it) for it in as_list(value)}
    return None


def _uses(table: Resource, members: list[Member]) -> tuple[Text, Text, Text]:
    """Return what can be done with a table, only through what, and what is never put out."""
    rule = rule_of(table.properties)
    if rule is None:
        return _NOTHING, _NONE, _NONE
    kind, branch = rule
    columns = as_list(table.get("AllowedColumns"))
    if kind == "CUSTOM":
        return _custom(branch, columns, members, methods(table.properties) != {"DIRECT_QUERY"})
    if kind not in ("AGGREGATION", "LIST"):
        return ("query it, as far as its rule allows",), ("a person has to read its rule",), _NONE
    usable = {*texts(columns)} & named_columns(branch)
    joined, shown, grouped = (
        [it for it in texts(branch.get(name, ABSENT)) if it in usable]
        for name in ("JoinColumns", "ListColumns", "DimensionColumns")
    )
    joins = ("; join it by ", *listed(joined, nothing="no column"))
    if kind == "LIST":
        return (
            ("list ", *listed(shown, nothing="no column"), *joins),
            ("queries that join it with a table of the member who queries",),
            listed([it for it in joined if it not in shown], nothing="-"),
        )
    aggregated = sorted(
        {
            column
            for item in as_list(branch.get("AggregateColumns", ABSENT))
            for column in texts(get(item, "ColumnNames"))
        }
        & usable
    )
    through = ["queries that aggregate"]
    if "JoinRequired" in branch:
        through.append(" and join it with a table of the member who queries")
    for it in as_list(branch.get("OutputConstraints", ABSENT)):
        through += _at_least(get(it, "Minimum"), [get(it, "ColumnName")])
    return (
        (
            "aggregate ",
            *listed(aggregated, nothing="no column"),
            "; select, filter and group by ",
            *listed(grouped, nothing="no column"),
            *joins,
        ),
        tuple(through),
        listed([it for it in joined if it not in {*aggregated, *grouped}], nothing="-"),
    )


def _custom(
    branch: Mapping[str, Any], columns: list[Any], members: list[Member], has_jobs: bool
) -> tuple[Text, Text, Text]:
    allowed = as_list(branch.get("AllowedAnalyses", ABSENT))
    providers = as_list(branch.get("AllowedAnalysisProviders", ABSENT))
    if not allowed and not providers:
        return _NOTHING, _NONE, _NONE
    known = {called(it.account): quoted(it.name) for it in members}
    accounts = _joined(", ", [known.get(called(it)) or quoted(it) for it in providers])
    parts: list[Text] = [
        (f"any {what} of ", *(accounts or ("nobody",)))
        for name, what in ((ANY_QUERY, "query"), (ANY_JOB, "job"))
        if name in texts(allowed)
    ]
    if not parts and providers:
        parts.append(("any analysis of ", *accounts))
    templates = [it for it in allowed if scalar(it) not in (ANY_QUERY, ANY_JOB)]
    if templates:
        parts.append((f"the template{'s'[: len(templates) > 1]} ", *listed(templates)))
    through = [*_joined("; ", parts)]
    for it in as_list(branch.get("AggregationThresholds", ABSENT)):
        minimum = get(it, "MinimumIdentityCount")
        through += _at_least(minimum, as_list(get(it, "IdentityColumns")))
        if lower := [*_with_less(it, minimum)]:
            through += [", or fewer for ", *listed(lower)]
        if has_jobs:
            through.append(", but jobs have no minimum")
    if as_list(get(branch, "DifferentialPrivacy.Columns")):
        through.append("; with noise of differential privacy")
    return (
        ("query ", *listed(columns, nothing="no column")),
        tuple(through),
        listed(texts(branch.get("DisallowedOutputColumns", ABSENT)), nothing="-"),
    )


def _at_least(minimum: Any, columns: list[Any]) -> Text:
    values = (*quoted(minimum), " different values of ", *listed(columns))
    return ("; each row covers at least ", *values)


def _with_less(threshold: Any, minimum: Any) -> Iterator[Any]:
    """Yield the columns that can have a lower minimum than the others."""
    general = number(minimum)
    for it in as_list(get(threshold, "OutputColumnThresholds")):
        own = number(get(it, "MinimumIdentityCount"))
        if own is None or general is None or own < general:
            yield get(it, "OutputColumnName")


def _joined(separator: str, parts: list[Text]) -> Text:
    return text(*(word for part in parts for word in (separator, part)))[1:]


def _of_mapping_table(view: View, table: Resource) -> Iterator[list[Text]]:
    members = _members(view, table)
    room = view.room(table.get("MembershipIdentifier"))
    is_shown = any(
        scalar(it.get("IdMappingConfig.AllowUseAsDimensionColumn")).lower() != "false"
        for it in view.of(ID_ASSOCIATION)
        if it.get("IdMappingConfig.AllowUseAsDimensionColumn") is not ABSENT
        and view.room(it.get("MembershipIdentifier")) == room
    )
    for member in members:
        can: list[Text] = [
            words
            for ability, words in (
                ("CAN_QUERY", ("join tables by the linked IDs",)),
                ("CAN_RECEIVE_RESULTS", ("receive results",)),
            )
            if ability in member.abilities
        ]
        yield [
            quoted(member.name),
            quoted(table.name),
            _joined("; ", can) or _NOTHING,
            ("queries that join it with other tables",) if can else _NONE,
            _NONE if is_shown or not can else ("the IDs",),
        ]
