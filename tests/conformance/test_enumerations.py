"""Tests that the enumerations have all the values that AWS publishes, and no others."""

from __future__ import annotations

from enum import StrEnum

import pytest

import cdk_cleanrooms
from cdk_cleanrooms import (
    AttributeMatchingModel,
    AutoApprovedChangeType,
    CustomMLMemberAbility,
    IdNamespaceType,
    MemberAbility,
    PaymentResponsibility,
    RecordMatchingModel,
    ResultFormat,
    RuleDefinitionType,
    SchemaAttributeType,
)
from cdk_cleanrooms.clean_rooms.collaboration import _region

from .drift import facts_of_schema
from .oracles import resource_schema

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
    (SchemaAttributeType, SCHEMA_MAPPING, "MappedInputFields[].Type"),
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
    assert enumerations == {PaymentResponsibility, *(place[0] for place in PLACES)}
