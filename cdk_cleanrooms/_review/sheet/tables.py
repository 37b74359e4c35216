"""What can be done with the columns of each table, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..document import Section, Table, Text, listed, quoted
from ..resources import Resource
from ..specials import ANY_JOB, ANY_QUERY, methods, rule_of
from ..values import ABSENT, as_list, get, is_open, scalar, texts
from .members import names_with
from .view import (
    ASSOCIATION,
    CONFIGURED_TABLE,
    INTERMEDIATE_TABLE,
    View,
    described,
)
from .words import role_words

_RULES = "AnalysisRules"
_METHODS = {"DIRECT_QUERY": "queries in SQL", "DIRECT_JOB": "jobs in PySpark"}
_ADDITIONAL = {
    "ALLOWED": "Results may also be used for machine learning, if the association allows it.",
    "REQUIRED": "Results may be used only for machine learning that the association allows.",
}
_REFERENCES = {
    "Glue": ("an AWS Glue table", ("DatabaseName", "TableName", "Region")),
    "Athena": (
        "a table or view of Amazon Athena",
        ("CatalogName", "DatabaseName", "TableName", "WorkGroup", "OutputLocation", "Region"),
    ),
    "Snowflake": (
        "a table of Snowflake",
        ("AccountIdentifier", "DatabaseName", "SchemaName", "TableName", "SecretArn"),
    ),
}


def tables(view: View) -> Section:
    """Return the section about the tables."""
    section = Section(("Tables, and what can be done with each column",))
    section.sections += [_table(view, it) for it in view.of(CONFIGURED_TABLE)]
    section.sections += [
        _association(view, it)
        for it in view.of(ASSOCIATION)
        if view.referred(it.get("ConfiguredTableIdentifier")) is None
    ]
    section.sections += [_intermediate_table(it) for it in view.of(INTERMEDIATE_TABLE)]
    return section


def _table(view: View, resource: Resource) -> Section:
    section = described("Table", resource)
    reference = resource.get("TableReference")
    for branch, (kind, names) in _REFERENCES.items():
        value = get(reference, branch)
        if value is not ABSENT:
            section.say(
                f"The data is {kind}: ",
                *_named(value, names),
                ".",
                source=f"TableReference.{branch}",
            )
    associations = view.users(ASSOCIATION, "ConfiguredTableIdentifier", resource)
    if not associations:
        section.say(
            "No collaboration of these templates uses it.", source="ConfiguredTableIdentifier"
        )
    for association in associations:
        _say_association(view, section, association)
    found = methods(resource.properties)
    section.say(
        "It can be used in ",
        *(
            (" and ".join(_METHODS[it] for it in sorted(found, reverse=True)) or "nothing",)
            if found is not None
            else quoted(resource.get("AnalysisMethod"))
        ),
        ".",
        source=("AnalysisMethod", "SelectedAnalysisMethods"),
    )
    _say_rule(section, resource, as_list(resource.get("AllowedColumns")))
    return section


def _intermediate_table(resource: Resource) -> Section:
    section = described("Intermediate table", resource)
    source = "PopulationAnalysisConfiguration.SqlParameters"
    template = resource.get(f"{source}.AnalysisTemplateArn")
    section.say(
        "It is filled by ",
        *(("a query of its own",) if template is ABSENT else ("the template ", *quoted(template))),
        ".",
        source=source,
    )
    _say_rule(section, resource, ())
    return section


def _association(view: View, resource: Resource) -> Section:
    section = described("Associated table", resource)
    section.say(
        "The table itself is not in these templates: ",
        *quoted(resource.get("ConfiguredTableIdentifier")),
        ".",
        source="ConfiguredTableIdentifier",
    )
    _say_association(view, section, resource)
    return section


def _say_association(view: View, section: Section, association: Resource) -> None:
    collaboration = view.collaboration(association.get("MembershipIdentifier"))
    section.say(
        "In the collaboration ",
        *view.room(association.get("MembershipIdentifier")),
        " it is called ",
        *quoted(association.get("Name")),
        ".",
        source=("MembershipIdentifier", "Name"),
    )
    if collaboration is not None:
        section.say(
            "Who can query there: ",
            *listed(names_with(collaboration, "CAN_QUERY")),
            "; who can run jobs: ",
            *listed(names_with(collaboration, "CAN_RUN_JOB")),
            "; who receives results: ",
            *listed(names_with(collaboration, "CAN_RECEIVE_RESULTS")),
            ".",
            source=("CreatorMemberAbilities", "Members.MemberAbilities"),
        )
    rules = "ConfiguredTableAssociationAnalysisRules"
    receivers: Any = ABSENT
    additional: Any = ABSENT
    for branch in ("Aggregation", "List", "Custom"):
        value = association.get(f"{rules}.Policy.V1.{branch}")
        if value is not ABSENT:
            receivers = get(value, "AllowedResultReceivers")
            additional = get(value, "AllowedAdditionalAnalyses")
    if receivers == []:
        section.say(
            "AWS does not say who receives results of its analyses there, because the list is"
            " empty.",
            source=f"{rules}.Policy.V1.AllowedResultReceivers",
        )
    elif receivers is not ABSENT:
        section.say(
            "Results of its analyses there may go only to these accounts: ",
            *listed(as_list(receivers)),
            ".",
            source=f"{rules}.Policy.V1.AllowedResultReceivers",
        )
    if additional is not ABSENT:
        section.say(
            "Machine learning that may use results there: ",
            *listed(as_list(additional), nothing="none"),
            ".",
            source=f"{rules}.Policy.V1.AllowedAdditionalAnalyses",
        )
    section.say(
        "AWS Clean Rooms reads the data there with this role: ",
        *role_words(association.get("RoleArn")),
        ".",
        source="RoleArn",
    )


def _say_rule(section: Section, resource: Resource, columns: Iterable[Any]) -> None:
    rule = rule_of(resource.properties)
    allowed = [*columns]
    if rule is None:
        section.say("It has no analysis rule, so nobody can query it.", source=_RULES)
        section.blocks.append(_columns(allowed, {}, "AllowedColumns"))
        return
    kind, branch = rule
    source = f"{_RULES}.Policy.V1"
    if kind == "AGGREGATION":
        _say_aggregation(section, branch, f"{source}.Aggregation", allowed)
    elif kind == "LIST":
        _say_list(section, branch, f"{source}.List", allowed)
    elif kind == "CUSTOM":
        _say_custom(section, branch, f"{source}.Custom", allowed)
    else:
        section.say(
            "A person has to read its analysis rule: ",
            *quoted(resource.get(_RULES)),
            ".",
            source=_RULES,
        )
    additional = scalar(branch.get("AdditionalAnalyses", ""))
    if additional in _ADDITIONAL:
        section.say(_ADDITIONAL[additional], source=f"{source}.AdditionalAnalyses")


def _say_aggregation(
    section: Section, branch: Mapping[str, Any], source: str, allowed: list[Any]
) -> None:
    functions: dict[str, list[str]] = {}
    for item in as_list(branch.get("AggregateColumns", ABSENT)):
        for column in texts(get(item, "ColumnNames")):
            functions.setdefault(column, []).append(scalar(get(item, "Function")))
    section.say("It can be used only in queries that aggregate.", source=f"{_RULES}.Type")
    section.say(
        *(
            ("Each query has to join it with a table of the member who queries.",)
            if "JoinRequired" in branch
            else ("It can be queried without joining it with another table.",)
        ),
        source=f"{source}.JoinRequired",
    )
    constraints = as_list(branch.get("OutputConstraints", ABSENT))
    for constraint in constraints:
        section.say(
            "Each row of a result covers at least ",
            *quoted(get(constraint, "Minimum")),
            " different values of the column ",
            *quoted(get(constraint, "ColumnName")),
            ".",
            source=f"{source}.OutputConstraints",
        )
    if not constraints:
        section.say(
            "There is no minimum for a row of a result.", source=f"{source}.OutputConstraints"
        )
    _say_joins(section, branch, source)
    section.say(
        "Functions that may be applied to grouped columns: ",
        *listed(as_list(branch.get("ScalarFunctions", ABSENT)), nothing="none"),
        ".",
        source=f"{source}.ScalarFunctions",
    )
    joins = texts(branch.get("JoinColumns", ABSENT))
    section.blocks.append(
        _columns(
            allowed,
            {
                "Joined": joins,
                "Selected, filtered, grouped": texts(branch.get("DimensionColumns", ABSENT)),
                "Aggregated with": functions,
            },
            f"AllowedColumns, {source}",
        )
    )
    hidden = [it for it in joins if it not in functions]
    if hidden:
        section.say("Never put out: ", *listed(hidden), ".", source=f"{source}.JoinColumns")


def _say_list(section: Section, branch: Mapping[str, Any], source: str, allowed: list[Any]) -> None:
    section.say(
        "It can be used only in queries that list rows which also occur in a table of the member"
        " who queries. There is no minimum number of rows.",
        source=f"{_RULES}.Type",
    )
    _say_joins(section, branch, source)
    joins, shown = (
        texts(branch.get("JoinColumns", ABSENT)),
        texts(branch.get("ListColumns", ABSENT)),
    )
    section.blocks.append(
        _columns(allowed, {"Joined": joins, "Listed": shown}, f"AllowedColumns, {source}")
    )
    section.say("Never put out: ", *listed(joins), ".", source=f"{source}.JoinColumns")


def _say_joins(section: Section, branch: Mapping[str, Any], source: str) -> None:
    operators = texts(branch.get("AllowedJoinOperators", ["AND"]))
    section.say(
        "A join that compares several columns can combine them with ",
        *listed(operators),
        ".",
        source=f"{source}.AllowedJoinOperators",
    )


def _say_custom(
    section: Section, branch: Mapping[str, Any], source: str, allowed: list[Any]
) -> None:
    analyses = branch.get("AllowedAnalyses", ABSENT)
    providers = as_list(branch.get("AllowedAnalysisProviders", ABSENT))
    named = texts(analyses)
    if is_open(analyses):
        section.say(
            "Allowed analyses: ", *quoted(analyses), ".", source=f"{source}.AllowedAnalyses"
        )
    elif not named and not providers:
        section.say("No analysis is allowed.", source=f"{source}.AllowedAnalyses")
    for name, words in ((ANY_QUERY, "Any query"), (ANY_JOB, "Any job")):
        if name in named:
            section.say(
                f"{words} of these accounts is allowed, now and in the future: ",
                *listed(providers),
                ".",
                source=(f"{source}.AllowedAnalyses", f"{source}.AllowedAnalysisProviders"),
            )
    templates = [it for it in as_list(analyses) if scalar(it) not in (ANY_QUERY, ANY_JOB)]
    if templates and not is_open(analyses):
        section.say(
            "Only through these analysis templates"
            if not {ANY_QUERY, ANY_JOB} & {*named}
            else "Also through these analysis templates",
            ": ",
            *listed(templates),
            ".",
            source=f"{source}.AllowedAnalyses",
        )
    if providers and not {ANY_QUERY, ANY_JOB} & {*named}:
        section.say(
            "All analyses of these accounts are allowed, now and in the future: ",
            *listed(providers),
            ".",
            source=f"{source}.AllowedAnalysisProviders",
        )
    _say_controls(section, branch, source, allowed)


def _say_controls(
    section: Section, branch: Mapping[str, Any], source: str, allowed: list[Any]
) -> None:
    privacy = as_list(get(branch, "DifferentialPrivacy.Columns"))
    if privacy:
        section.say(
            "Differential privacy adds noise to results, so that they say little about one person."
            " A person is a value of the column ",
            *listed([get(it, "Name") for it in privacy]),
            ".",
            source=f"{source}.DifferentialPrivacy",
        )
    threshold = branch.get("AggregationThresholds", ABSENT)
    if as_list(threshold):
        _say_threshold(section, threshold, f"{source}.AggregationThresholds")
    elif not privacy:
        section.say(
            "There is no minimum for a row of a result, but what the analyses set themselves.",
            source=f"{source}.AggregationThresholds",
        )
    controls = branch.get("ComparisonControls", ABSENT)
    hidden = texts(branch.get("DisallowedOutputColumns", ABSENT))
    names = texts(allowed)
    columns: dict[str, Any] = {"Can be put out": [it for it in names if it not in hidden]}
    for title, member in (
        ("Compared with literals", "AllowedLiteralComparisonColumns"),
        ("Compared with columns", "AllowedColumnComparisonColumns"),
    ):
        value = get(controls, member)
        columns[title] = names if value is ABSENT else texts(value)
    section.blocks.append(_columns(allowed, columns, f"AllowedColumns, {source}"))
    if hidden:
        section.say(
            "Never put out: ",
            *listed(hidden),
            ". What results show of other columns can still tell something about them.",
            source=f"{source}.DisallowedOutputColumns",
        )
    if controls is ABSENT:
        section.say(
            "There are no comparison controls, so all comparisons are allowed.",
            source=f"{source}.ComparisonControls",
        )


def _say_threshold(section: Section, threshold: Any, source: str) -> None:
    section.say(
        "Each row of a result covers at least ",
        *quoted(get(threshold, "MinimumIdentityCount")),
        " different values of the column ",
        *listed(as_list(get(threshold, "IdentityColumns"))),
        ". This does not hold for a plain count of one table, and not for jobs.",
        source=f"{source}.MinimumIdentityCount",
    )
    kind = get(threshold, "AllowedAggregateExpressionType")
    section.say(
        "Aggregated can be: ",
        *(
            ("only columns",)
            if kind == "COLUMNS_ONLY"
            else ("any expression",)
            if kind == "ANY_EXPRESSION"
            else quoted(kind)
        ),
        ".",
        source=f"{source}.AllowedAggregateExpressionType",
    )
    for item in as_list(get(threshold, "OutputColumnThresholds")):
        minimum = get(item, "MinimumIdentityCount")
        section.say(
            "The column ",
            *quoted(get(item, "OutputColumnName")),
            *(
                (" needs no minimum.",)
                if scalar(minimum) == "0"
                else (" needs at least ", *quoted(minimum), " instead.")
            ),
            source=f"{source}.OutputColumnThresholds",
        )


def _columns(allowed: list[Any], uses: Mapping[str, Any], source: str) -> Table:
    """Return a table of columns; a rule can name more of them than the list of allowed columns."""
    names = {scalar(it): it for it in allowed}
    for columns in uses.values():
        names |= {it: it for it in columns if it not in names}
    rows: list[list[Text]] = []
    listed_names = {*texts(allowed)}
    for name in sorted(names):
        row: list[Text] = [quoted(names[name]), ("yes" if name in listed_names else "no",)]
        for columns in uses.values():
            if isinstance(columns, dict):
                row.append(listed(columns.get(name, ()), nothing="no"))
            else:
                row.append(("yes" if name in columns else "no",))
        rows.append(row)
    return Table(("Column", "Allowed", *uses), rows, (source,))


def _named(value: Any, names: Iterable[str]) -> Text:
    parts: list[str] = []
    for name in names:
        member = get(value, name)
        if member is not ABSENT:
            parts += [", " if parts else "", f"{name} ", *quoted(member)]
    return tuple(parts) or ("(nothing)",)
