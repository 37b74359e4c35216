"""Tests of `IdNamespace` as source and target."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_entityresolution import CfnIdNamespace
from aws_cdk.aws_iam import AccountPrincipal, ServicePrincipal

from cdk_cleanrooms import IdNamespace, IdNamespaceAssociation, TableInput
from tests.helpers import resource_of
from tests.resources.entity_resolution.declarations import (
    ROLE_ARN,
    TABLE_ARN,
    WORKFLOW_ARN,
    matching_workflow,
    messages_of,
    source,
    table_input,
    target,
)
from tests.samples import ID_NAMESPACE_ARN, MEMBERSHIP_ID

PARTNER = "444455556666"


def test_a_source_leaves_the_rules_to_the_target(stack: Stack) -> None:
    properties = resource_of(source(stack))["Properties"]
    assert properties["Type"] == "SOURCE"
    assert properties["InputSourceConfig"] == [
        {"InputSourceARN": TABLE_ARN, "SchemaName": "customers"}
    ]
    assert properties["IdMappingWorkflowProperties"] == [
        {
            "IdMappingType": "RULE_BASED",
            "RuleBasedProperties": {
                "AttributeMatchingModel": "ONE_TO_ONE",
                "RecordMatchingModels": ["ONE_SOURCE_TO_ONE_TARGET"],
                "RuleDefinitionTypes": ["TARGET"],
            },
        }
    ]


def test_a_target_takes_over_the_rules_of_its_matching_workflow(stack: Stack) -> None:
    workflow = matching_workflow(stack, attribute_matching_model="MANY_TO_MANY")
    properties = resource_of(target(stack, matching_workflow=workflow))["Properties"]
    (mapping,) = properties["IdMappingWorkflowProperties"]
    assert properties["Type"] == "TARGET"
    assert mapping["RuleBasedProperties"]["Rules"] == [
        {"RuleName": "Email", "MatchingKeys": ["Email"]}
    ]
    assert mapping["RuleBasedProperties"]["AttributeMatchingModel"] == "MANY_TO_MANY"


def test_a_source_can_have_its_own_rules(stack: Stack) -> None:
    properties = resource_of(source(stack, rules={"Email": ["Email"]}))["Properties"]
    (mapping,) = properties["IdMappingWorkflowProperties"]
    assert mapping["RuleBasedProperties"]["RuleDefinitionTypes"] == ["SOURCE"]


def test_the_role_of_a_target_reads_what_the_matching_workflow_reads(stack: Stack) -> None:
    target(stack)
    (policy,) = [
        str(one)
        for logical_id, one in Template.from_stack(stack).find_resources("AWS::IAM::Policy").items()
        if logical_id.startswith("TargetRole")
    ]
    assert "arn:aws:s3:::crm-data/customers/*" in policy
    assert "s3:PutObject" not in policy


def test_a_namespace_waits_for_the_policy_of_its_role(stack: Stack) -> None:
    resource = resource_of(source(stack))
    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::Policy")
    assert resource["DependsOn"] == [policy]


def test_a_provider_service_is_passed_through(stack: Stack) -> None:
    provider = CfnIdNamespace.NamespaceProviderPropertiesProperty(
        provider_service_arn="arn:aws:entityresolution:us-east-1::providerservice/a/b"
    )
    namespace = IdNamespace(
        stack, "N", name="n", type="TARGET", inputs=[], provider=provider, role=ROLE_ARN
    )
    properties = resource_of(namespace)["Properties"]
    assert properties["IdMappingWorkflowProperties"] == [
        {
            "IdMappingType": "PROVIDER",
            "ProviderProperties": {
                "ProviderServiceArn": "arn:aws:entityresolution:us-east-1::providerservice/a/b"
            },
        }
    ]


@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        ({"inputs": [WORKFLOW_ARN]}, ["role: the data of a matching workflow that is not a"]),
        (
            {"inputs": [table_input(), WORKFLOW_ARN], "role": ROLE_ARN},
            ["a matching workflow is given among other inputs; use it alone"],
        ),
        (
            {"rule_definition_types": ["SOURCE"]},
            ["rules: rule_definition_types has 'SOURCE', so this side has the rules; pass them"],
        ),
        (
            {"rules": {"Email": ["Email"]}, "rule_definition_types": ["TARGET"]},
            ["only the rules of the target may be used, and this source has rules"],
        ),
        ({"rule_definition_types": 3}, ["rule_definition_types: 3 is of type int; use a list of"]),
        ({"record_matching_models": []}, ["the list is empty; use at least one of"]),
        ({"record_matching_models": ["ANY"]}, ["'ANY' is not one of"]),
    ],
)
def test_a_source_that_aws_would_refuse_is_a_problem(
    arguments: dict[str, Any], messages: list[str], stack: Stack
) -> None:
    found = messages_of(lambda: source(stack, **arguments))
    assert len(found) == len(messages)
    assert all(message in one for message, one in zip(messages, found, strict=True))


def test_a_table_in_place_of_a_matching_workflow_is_a_problem(stack: Stack) -> None:
    table: TableInput = table_input()
    found = messages_of(lambda: target(stack, matching_workflow=table, rules={"E": ["e"]}))
    assert [one.split(":")[0] for one in found] == ["matching_workflow"]
    assert "use a matching workflow, as a construct or its ARN" in found[0]


def test_rules_that_differ_from_those_of_the_matching_workflow_are_a_problem(stack: Stack) -> None:
    (found,) = messages_of(lambda: target(stack, rules={"Phone": ["Phone"]}))
    assert "the rules differ from those of the matching workflow Stack/TargetMatching" in found


def test_a_matching_workflow_without_rules_is_a_problem(stack: Stack) -> None:
    workflow = matching_workflow(stack, rules=None, machine_learning=True)
    (found,) = messages_of(lambda: target(stack, matching_workflow=workflow))
    assert "has no rules that could be taken over" in found


def test_a_region_without_id_mapping_is_a_problem(app: Any) -> None:
    stack = Stack(app, "North", env={"region": "eu-north-1"})
    (found,) = messages_of(lambda: source(stack))
    assert "Entity Resolution is not available in eu-north-1" in found


def test_a_partner_gets_permission_in_the_resource_policy(stack: Stack) -> None:
    namespace = source(stack)
    namespace.grants.use(AccountPrincipal(PARTNER))
    namespace.grants.read(AccountPrincipal(PARTNER))
    namespace.grants.read(ServicePrincipal("cleanrooms.amazonaws.com"))
    statements = Template.from_stack(stack).find_resources("AWS::EntityResolution::PolicyStatement")
    properties = sorted(
        (one["Properties"] for one in statements.values()), key=lambda one: one["StatementId"]
    )
    assert [(one["StatementId"], one["Principal"], one["Action"]) for one in properties] == [
        (
            "Allow444455556666",
            [PARTNER],
            ["entityresolution:GetIdNamespace", "entityresolution:StartIdMappingJob"],
        ),
        (
            "Allowcleanroomsamazonawscom",
            ["cleanrooms.amazonaws.com"],
            ["entityresolution:GetIdNamespace"],
        ),
    ]
    assert {one["Effect"] for one in properties} == {"Allow"}


def test_an_action_of_another_service_cannot_be_in_the_resource_policy(stack: Stack) -> None:
    namespace = source(stack)
    (found,) = messages_of(
        lambda: namespace.grants.actions(AccountPrincipal(PARTNER), "cleanrooms:GetCollaboration")
    )
    assert "cannot be in the resource policy" in found


def test_an_association_waits_for_the_namespace(stack: Stack) -> None:
    association = IdNamespaceAssociation(
        stack, "A", membership=MEMBERSHIP_ID, id_namespace=source(stack), name="customers"
    )
    properties = resource_of(association)["Properties"]
    arn = properties["InputReferenceConfig"]["InputReferenceArn"]
    assert arn["Fn::GetAtt"][1] == "IdNamespaceArn"


def test_synthesis_fails_for_two_namespaces_with_the_same_name(app: Any, stack: Stack) -> None:
    source(stack, "One")
    source(stack, "Two")
    with pytest.raises(RuntimeError, match="'customers' is also the name of Stack/One"):
        app.synth()


def test_a_namespace_can_be_imported_by_its_name_or_its_arn(stack: Stack) -> None:
    by_name = IdNamespace.from_existing(stack, "Name", id_namespace_name="customers")
    by_arn = IdNamespace.from_id_namespace_arn(stack, "Arn", ID_NAMESPACE_ARN)
    assert by_name.id_namespace_name == by_arn.id_namespace_name == "customers"
    assert by_arn.id_namespace_ref.id_namespace_arn == ID_NAMESPACE_ARN
