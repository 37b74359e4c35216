"""Tests that the enumerations have all the values that AWS publishes, and no others."""

from __future__ import annotations

import re
from enum import StrEnum

import pytest

import cdk_cleanrooms
from cdk_cleanrooms import (
    AdditionalAnalyses,
    AggregateExpressionType,
    AggregateFunction,
    AnalysisMethod,
    AnalysisRuleType,
    AnyAnalysis,
    AttributeMatchingModel,
    AutoApprovedChangeType,
    BudgetPeriod,
    CustomMLMemberAbility,
    IdNamespaceType,
    JoinOperator,
    MatchPurpose,
    MemberAbility,
    ParameterType,
    PaymentResponsibility,
    RecordMatchingModel,
    ResultFormat,
    RuleDefinitionType,
    ScalarFunction,
    SchemaAttributeType,
)
from cdk_cleanrooms.clean_rooms.collaboration import _region

from .drift import facts_of_schema
from .oracles import resource_schema

ANALYSIS_TEMPLATE = "AWS::CleanRooms::AnalysisTemplate"
CONFIGURED_TABLE = "AWS::CleanRooms::ConfiguredTable"
TABLE_ASSOCIATION = "AWS::CleanRooms::ConfiguredTableAssociation"
COLLABORATION = "AWS::CleanRooms::Collaboration"
MEMBERSHIP = "AWS::CleanRooms::Membership"
ID_MAPPING_WORKFLOW = "AWS::EntityResolution::IdMappingWorkflow"
ID_NAMESPACE = "AWS::EntityResolution::IdNamespace"
MATCHING_WORKFLOW = "AWS::EntityResolution::MatchingWorkflow"
SCHEMA_MAPPING = "AWS::EntityResolution::SchemaMapping"
OF_A_NAMESPACE = "IdMappingWorkflowProperties[].RuleBasedProperties"
OF_A_WORKFLOW = "IdMappingTechniques.RuleBasedProperties"

PLACES: list[tuple[type[StrEnum], str, str]] = [
    (AutoApprovedChangeType, COLLABORATION, "AutoApprovedChangeTypes[]"),
    (MemberAbility, COLLABORATION, "CreatorMemberAbilities[]"),
    (MemberAbility, COLLABORATION, "Members[].MemberAbilities[]"),
    (
        CustomMLMemberAbility,
        COLLABORATION,
        "CreatorMLMemberAbilities.CustomMLMemberAbilities[]",
    ),
    (
        CustomMLMemberAbility,
        COLLABORATION,
        "Members[].MLMemberAbilities.CustomMLMemberAbilities[]",
    ),
    (ResultFormat, MEMBERSHIP, "DefaultResultConfiguration.OutputConfiguration.S3.ResultFormat"),
    (AttributeMatchingModel, ID_MAPPING_WORKFLOW, f"{OF_A_WORKFLOW}.AttributeMatchingModel"),
    (RecordMatchingModel, ID_MAPPING_WORKFLOW, f"{OF_A_WORKFLOW}.RecordMatchingModel"),
    (RuleDefinitionType, ID_MAPPING_WORKFLOW, f"{OF_A_WORKFLOW}.RuleDefinitionType"),
    (IdNamespaceType, ID_MAPPING_WORKFLOW, "InputSourceConfig[].Type"),
    (AttributeMatchingModel, ID_NAMESPACE, f"{OF_A_NAMESPACE}.AttributeMatchingModel"),
    (RecordMatchingModel, ID_NAMESPACE, f"{OF_A_NAMESPACE}.RecordMatchingModels[]"),
    (RuleDefinitionType, ID_NAMESPACE, f"{OF_A_NAMESPACE}.RuleDefinitionTypes[]"),
    (IdNamespaceType, ID_NAMESPACE, "Type"),
    (
        AttributeMatchingModel,
        MATCHING_WORKFLOW,
        "ResolutionTechniques.RuleBasedProperties.AttributeMatchingModel",
    ),
    (
        MatchPurpose,
        MATCHING_WORKFLOW,
        "ResolutionTechniques.RuleBasedProperties.MatchPurpose",
    ),
    (SchemaAttributeType, SCHEMA_MAPPING, "MappedInputFields[].Type"),
    (ParameterType, ANALYSIS_TEMPLATE, "AnalysisParameters[].Type"),
]

# In a schema whose variants are not properties, an enumeration is found by its definition.
DEFINITIONS: list[tuple[type[StrEnum], str, str]] = [
    (AdditionalAnalyses, CONFIGURED_TABLE, "AdditionalAnalyses"),
    (AggregateExpressionType, CONFIGURED_TABLE, "AllowedAggregateExpressionType"),
    (AggregateFunction, CONFIGURED_TABLE, "AggregateFunctionName"),
    (AnalysisMethod, CONFIGURED_TABLE, "SelectedAnalysisMethod"),
    (AnalysisRuleType, CONFIGURED_TABLE, "ConfiguredTableAnalysisRuleType"),
    (AnalysisRuleType, TABLE_ASSOCIATION, "ConfiguredTableAssociationAnalysisRuleType"),
    (JoinOperator, CONFIGURED_TABLE, "JoinOperator"),
    (ScalarFunction, CONFIGURED_TABLE, "ScalarFunctions"),
]


@pytest.mark.parametrize(
    ("enumeration", "type_name", "path"),
    [pytest.param(*place, id=f"{place[0].__name__} of {place[2]}") for place in PLACES],
)
def test_an_enumeration_has_the_values_of_the_schema(
    enumeration: type[StrEnum], type_name: str, path: str
) -> None:
    facts = facts_of_schema(resource_schema(type_name))
    assert sorted(enumeration) == facts[f"{path}.enum"]


@pytest.mark.parametrize(
    ("enumeration", "type_name", "definition"),
    [pytest.param(*one, id=f"{one[0].__name__} as {one[2]}") for one in DEFINITIONS],
)
def test_an_enumeration_has_the_values_of_a_definition(
    enumeration: type[StrEnum], type_name: str, definition: str
) -> None:
    assert sorted(enumeration) == sorted(
        resource_schema(type_name)["definitions"][definition]["enum"]
    )


def test_any_analysis_is_in_the_pattern_of_an_allowed_analysis() -> None:
    pattern = str(resource_schema(CONFIGURED_TABLE)["definitions"])
    assert all(f"{one}" in pattern for one in AnyAnalysis)


def test_the_periods_of_a_budget_are_those_that_a_calendar_has() -> None:
    schema = str(resource_schema("AWS::CleanRooms::PrivacyBudgetTemplate"))
    periods = {one.removeprefix("CALENDAR_") for one in re.findall(r"CALENDAR_\w+", schema)}
    assert {*BudgetPeriod} == periods


def test_the_responsibilities_are_the_properties_of_a_payment_configuration() -> None:
    facts = facts_of_schema(resource_schema(COLLABORATION))
    begin, end = ("CreatorPaymentConfiguration.", ".IsResponsible.type")
    paths = [path for path in facts if path.startswith(begin) and path.endswith(end)]
    names = {path.removesuffix(end).rpartition(".")[2].upper() for path in paths}
    assert {one.replace("_", "") for one in PaymentResponsibility} == names


def test_every_region_of_the_schema_is_accepted() -> None:
    regions = facts_of_schema(resource_schema(COLLABORATION))["AllowedResultRegions[].enum"]
    assert [problem for region in regions for problem in _region("region", region)] == []


def test_every_public_enumeration_is_compared() -> None:
    public = {getattr(cdk_cleanrooms, name) for name in cdk_cleanrooms._MODULES}
    enumerations = {one for one in public if isinstance(one, type) and issubclass(one, StrEnum)}
    compared = {AnyAnalysis, PaymentResponsibility, *(one[0] for one in [*PLACES, *DEFINITIONS])}
    assert enumerations == compared | {BudgetPeriod}
