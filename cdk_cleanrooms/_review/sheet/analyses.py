"""Analysis templates with their texts, and privacy budgets."""

from __future__ import annotations

import hashlib
from typing import Any

from ..document import Listing, Section, Table, quoted, text
from ..resources import Resource
from ..values import ABSENT, as_list, get, scalar
from .view import ANALYSIS_TEMPLATE, BUDGET, INTERMEDIATE_TABLE, View, described

_FORMATS = {"SQL": "a query in SQL", "PYSPARK_1_0": "a job in PySpark"}
_PERIODS = {
    "CALENDAR_DAY": "a day",
    "CALENDAR_WEEK": "a week",
    "CALENDAR_MONTH": "a month",
    "LIFETIME": "the whole time",
}


def templates(view: View) -> Section:
    """Return the section about the analysis templates."""
    section = Section(("Analysis templates",))
    section.sections += [_template(view, it) for it in view.of(ANALYSIS_TEMPLATE)]
    for it in view.of(INTERMEDIATE_TABLE):
        query = it.get("PopulationAnalysisConfiguration.SqlParameters.QueryString")
        if query is not ABSENT:
            part = described("Query of the intermediate table", it)
            _say_text(part, query, "PopulationAnalysisConfiguration.SqlParameters.QueryString")
            section.sections.append(part)
    return section


def _template(view: View, resource: Resource) -> Section:
    section = described("Analysis template", resource)
    form = resource.get("Format")
    section.say(
        "It is ",
        *((_FORMATS[form],) if form in _FORMATS else quoted(form)),
        " in the collaboration ",
        *view.room(resource.get("MembershipIdentifier")),
        ". Only a table whose analysis rule allows it can be used by it.",
        source=("Format", "MembershipIdentifier"),
    )
    parameters = as_list(resource.get("AnalysisParameters"))
    if parameters:
        section.blocks.append(
            Table(
                ("Parameter", "Type", "Default"),
                [
                    [quoted(get(it, name)) for name in ("Name", "Type", "DefaultValue")]
                    for it in parameters
                ],
                ("AnalysisParameters",),
            )
        )
    if resource.get("ErrorMessageConfiguration.Type") is not ABSENT:
        section.say(
            "Error messages are detailed, and can contain data.", source="ErrorMessageConfiguration"
        )
    synthetic = resource.get("SyntheticDataParameters.MlSyntheticDataParameters")
    if synthetic is not ABSENT:
        section.say(
            "Its results are synthetic data, with epsilon ",
            *quoted(get(synthetic, "Epsilon")),
            " and a membership inference attack score of at most ",
            *quoted(get(synthetic, "MaxMembershipInferenceAttackScore")),
            ".",
            source="SyntheticDataParameters",
        )
    source = resource.get("Source.Text")
    if source is not ABSENT:
        _say_text(section, source, "Source.Text")
    code = resource.get("Source.Artifacts")
    if code is not ABSENT:
        section.say(
            "Its code is not in these templates: ",
            *quoted(code),
            ".",
            source="Source.Artifacts",
        )
    return section


def _say_text(section: Section, value: Any, source: str) -> None:
    content = scalar(value)
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    section.blocks.append(Listing(text("Text with the SHA-256 hash ", digest), content, (source,)))


def budgets(view: View) -> Section:
    """Return the section about privacy budgets."""
    section = Section(("Budgets",))
    section.sections += [_budget(view, it) for it in view.of(BUDGET)]
    return section


def _budget(view: View, resource: Resource) -> Section:
    section = described("Budget", resource)
    kind = resource.get("PrivacyBudgetType")
    if kind == "DIFFERENTIAL_PRIVACY":
        section.say(
            "Queries of tables with differential privacy in the collaboration ",
            *view.room(resource.get("MembershipIdentifier")),
            " share the privacy budget epsilon ",
            *quoted(resource.get("Parameters.Epsilon")),
            "; a larger epsilon reveals more.",
            source="Parameters.Epsilon",
        )
        section.say(
            "Each query gets noise that hides up to ",
            *quoted(resource.get("Parameters.UsersNoisePerQuery")),
            " persons.",
            source="Parameters.UsersNoisePerQuery",
        )
        refresh = resource.get("AutoRefresh")
        section.say(
            *(
                ("The budget is renewed each month, so over time more can be learned.",)
                if refresh == "CALENDAR_MONTH"
                else ("The budget is not renewed.",)
                if refresh == "NONE"
                else ("Renewal of the budget: ", *quoted(refresh), ".")
            ),
            source="AutoRefresh",
        )
        return section
    section.say(
        "The use of ",
        *quoted(resource.get("Parameters.ResourceArn")),
        " is limited.",
        source=("PrivacyBudgetType", "Parameters.ResourceArn"),
    )
    section.blocks.append(
        Table(
            ("Uses", "In", "Renewed"),
            [
                [
                    quoted(get(it, "Budget")),
                    (_PERIODS[scalar(get(it, "Type"))],)
                    if scalar(get(it, "Type")) in _PERIODS
                    else quoted(get(it, "Type")),
                    ("yes" if scalar(get(it, "AutoRefresh")) == "ENABLED" else "no",),
                ]
                for it in as_list(resource.get("Parameters.BudgetParameters"))
            ],
            ("Parameters.BudgetParameters",),
        )
    )
    return section
