"""Tests of the example `overlap`."""

from __future__ import annotations

import shlex
from copy import deepcopy
from typing import Any

import pytest

from cdk_cleanrooms.local_cloud import LocalAccount
from tests.apps import Template
from tests.stacks import DeployedStack

from .conftest import Synthesize
from .running import EXAMPLES, resources_of

SOURCE = EXAMPLES / "overlap"
CLEAN_ROOMS = "AWS::CleanRooms::"


@pytest.fixture(scope="module")
def template(synthesize: Synthesize) -> Template:
    return synthesize("overlap").templates["Overlap"]


def test_the_app_has_at_most_120_lines_and_uses_l1s_only_for_the_data() -> None:
    source = (SOURCE / "app.py").read_text("utf-8")
    assert len(source.splitlines()) <= 120
    words = source.replace("(", " ").replace(",", " ").split()
    assert {word for word in words if word.startswith("Cfn")} == {
        "CfnOutput",
        "CfnDatabase",
        "CfnTable",
    }


def test_the_query_joins_the_tables_over_the_mapping(template: Template) -> None:
    names = {
        one["Properties"]["Name"]
        for kind in ("ConfiguredTableAssociation", "IdMappingTable")
        for one in resources_of(template, CLEAN_ROOMS + kind).values()
    }
    (query,) = resources_of(template, CLEAN_ROOMS + "AnalysisTemplate").values()
    text = query["Properties"]["Source"]["Text"]
    assert text == (SOURCE / "overlap.sql").read_text("utf-8")
    words = text.replace(".", " ").split()
    joined = {words[index + 1] for index, word in enumerate(words) if word in ("FROM", "JOIN")}
    assert joined == names


def test_both_tables_allow_exactly_the_template(template: Template) -> None:
    ((query, _),) = resources_of(template, CLEAN_ROOMS + "AnalysisTemplate").items()
    tables = resources_of(template, CLEAN_ROOMS + "ConfiguredTable")
    assert len(tables) == 2
    for table in tables.values():
        (rule,) = table["Properties"]["AnalysisRules"]
        custom = rule["Policy"]["V1"]["Custom"]
        assert custom == {"AllowedAnalyses": [{"Fn::GetAtt": [query, "Arn"]}]}


def test_the_template_waits_for_no_association(template: Template) -> None:
    (query,) = resources_of(template, CLEAN_ROOMS + "AnalysisTemplate").values()
    assert "DependsOn" not in query


def test_each_table_has_a_budget(template: Template) -> None:
    associations = resources_of(template, CLEAN_ROOMS + "ConfiguredTableAssociation")
    budgets = resources_of(template, CLEAN_ROOMS + "PrivacyBudgetTemplate").values()
    limited = {
        budget["Properties"]["Parameters"]["ResourceArn"]["Fn::GetAtt"][0] for budget in budgets
    }
    assert limited == {*associations}


def changed(template: Template) -> Template:
    """Return the template with another query, which replaces the template of the analysis."""
    copy = deepcopy(template)
    (query,) = resources_of(copy, CLEAN_ROOMS + "AnalysisTemplate").values()
    query["Properties"]["Source"]["Text"] += "AND 1 = 1\n"
    return copy


def test_the_app_is_deployed_changed_and_destroyed(
    template: Template, cleanrooms_cloud: LocalAccount
) -> None:
    stack = DeployedStack(cleanrooms_cloud, "Overlap")
    stack.deploy(template)
    clean_rooms = cleanrooms_cloud.client("cleanrooms")
    membership, table = arguments_of(stack.outputs()["Populate"], "--membership-identifier")
    assert clean_rooms.populate_id_mapping_table(
        membershipIdentifier=membership, idMappingTableIdentifier=table
    )["idMappingJobId"]
    _, arn = arguments_of(stack.outputs()["Query"], "--membership-identifier")
    (before,) = analyses(clean_rooms, membership)
    assert f"analysisTemplateArn={before['arn']}," in arn
    tables = clean_rooms.list_configured_tables()["configuredTableSummaries"]
    assert {each["name"] for each in tables} == {"customers", "subscribers"}

    stack.deploy(changed(template))
    (after,) = analyses(clean_rooms, membership)
    assert (after["name"], after["arn"] != before["arn"]) == (before["name"], True)
    for each in tables:
        rule = clean_rooms.get_configured_table_analysis_rule(
            configuredTableIdentifier=each["id"], analysisRuleType="CUSTOM"
        )["analysisRule"]
        assert rule["policy"]["v1"]["custom"]["allowedAnalyses"] == [after["arn"]]

    stack.destroy()
    assert clean_rooms.list_configured_tables()["configuredTableSummaries"] == []
    assert analyses(clean_rooms, membership) == []


def analyses(clean_rooms: Any, membership: str) -> Any:
    return clean_rooms.list_analysis_templates(membershipIdentifier=membership)[
        "analysisTemplateSummaries"
    ]


def arguments_of(command: str, option: str) -> tuple[str, str]:
    """Return the value of an option of a command, and the last argument."""
    words = shlex.split(command)
    assert words[:2] == ["aws", "cleanrooms"]
    return words[words.index(option) + 1], words[-1]
