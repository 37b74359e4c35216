"""Tests of `IdMappingWorkflow`, and of its agreement with source and target."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Environment, Fn, Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_entityresolution import CfnIdMappingWorkflow, CfnIdNamespace

from cdk_cleanrooms import IdMappingTable, IdMappingWorkflow, IdNamespace, WorkflowOutput
from tests.helpers import resource_of
from tests.resources.entity_resolution.declarations import (
    ROLE_ARN,
    id_mapping_workflow,
    matching_workflow,
    messages_of,
    source,
    table_input,
    target,
)
from tests.samples import ACCOUNT, ID_NAMESPACE_ARN, MEMBERSHIP_ID, REGION

BOTH = ["ONE_SOURCE_TO_ONE_TARGET", "MANY_SOURCE_TO_ONE_TARGET"]
PARTNER = "arn:aws:entityresolution:us-east-1:444455556666:idnamespace/subscribers"


def matching_of(workflow: IdMappingWorkflow) -> dict[str, Any]:
    properties = resource_of(workflow)["Properties"]
    assert properties["IdMappingTechniques"]["IdMappingType"] == "RULE_BASED"
    matching: dict[str, Any] = properties["IdMappingTechniques"]["RuleBasedProperties"]
    return matching


def test_an_argument_with_only_one_possible_value_is_derived(stack: Stack) -> None:
    assert matching_of(id_mapping_workflow(stack)) == {
        "RuleDefinitionType": "TARGET",
        "AttributeMatchingModel": "ONE_TO_ONE",
        "RecordMatchingModel": "ONE_SOURCE_TO_ONE_TARGET",
    }


def test_the_value_that_both_namespaces_allow_is_derived(stack: Stack) -> None:
    workflow = id_mapping_workflow(
        stack,
        source=source(stack, record_matching_models=BOTH),
        target=target(stack, record_matching_models=["MANY_SOURCE_TO_ONE_TARGET"]),
    )
    assert matching_of(workflow)["RecordMatchingModel"] == "MANY_SOURCE_TO_ONE_TARGET"


def test_the_namespaces_are_inputs_with_their_types(stack: Stack) -> None:
    first, second = resource_of(id_mapping_workflow(stack))["Properties"]["InputSourceConfig"]
    assert (first["Type"], second["Type"]) == ("SOURCE", "TARGET")
    assert first["InputSourceARN"]["Fn::GetAtt"][1] == "IdNamespaceArn"


def test_more_than_one_choice_is_a_problem(stack: Stack) -> None:
    one, other = (declare(stack, record_matching_models=BOTH) for declare in (source, target))
    (found,) = messages_of(lambda: id_mapping_workflow(stack, source=one, target=other))
    assert found == (
        "record_matching_model: the ID namespaces allow 'ONE_SOURCE_TO_ONE_TARGET',"
        " 'MANY_SOURCE_TO_ONE_TARGET'; choose one"
    )


def test_namespaces_that_do_not_agree_are_a_problem_that_names_both(stack: Stack) -> None:
    one = source(stack, rules={"Email": ["Email"]})
    (found,) = messages_of(lambda: id_mapping_workflow(stack, source=one))
    assert found == (
        "rule_definition_type: source and target do not agree: rule_definition_types of the source"
        " Stack/Source is SOURCE and rule_definition_types of the target Stack/WorkflowTarget is"
        " TARGET; use the same in both places"
    )


def test_a_choice_that_a_namespace_does_not_allow_is_a_problem(stack: Stack) -> None:
    (found,) = messages_of(
        lambda: id_mapping_workflow(stack, attribute_matching_model="MANY_TO_MANY")
    )
    assert "'MANY_TO_MANY' is not allowed, because attribute_matching_model of the source" in found
    assert "Stack/WorkflowTarget is ONE_TO_ONE" in found


def test_with_a_partner_the_known_side_is_checked(stack: Stack) -> None:
    (found,) = messages_of(
        lambda: id_mapping_workflow(stack, target=PARTNER, rule_definition_type="SOURCE")
    )
    assert "'SOURCE' is not allowed, because rule_definition_types of the source" in found


def test_with_a_partner_the_known_side_decides(stack: Stack) -> None:
    workflow = id_mapping_workflow(stack, target=PARTNER)
    assert matching_of(workflow)["RuleDefinitionType"] == "TARGET"


def test_nothing_can_be_derived_from_arns_alone(stack: Stack) -> None:
    found = messages_of(
        lambda: id_mapping_workflow(stack, source=ID_NAMESPACE_ARN, target=PARTNER, role=ROLE_ARN)
    )
    assert [one.split(":")[0] for one in found] == [
        "rule_definition_type",
        "attribute_matching_model",
        "record_matching_model",
    ]


@pytest.mark.parametrize(("side", "declare"), [("source", target), ("target", source)])
def test_a_namespace_of_the_other_type_is_a_problem(side: str, declare: Any, stack: Stack) -> None:
    wrong = declare(stack, "Wrong")
    found = messages_of(lambda: id_mapping_workflow(stack, **{side: wrong}))
    assert f"use one of the type {side.upper()}" in found[0]


def test_a_malformed_choice_is_not_compared_with_the_namespaces(stack: Stack) -> None:
    (found,) = messages_of(lambda: id_mapping_workflow(stack, rule_definition_type="BOTH"))
    assert found == "rule_definition_type: 'BOTH' is not one of 'SOURCE', 'TARGET'"


def test_a_value_known_at_deployment_is_used_unchanged(stack: Stack) -> None:
    later = CfnParameter(stack, "Later").value_as_string
    one, other = source(stack, attribute_matching_model=later), target(stack)
    derived = id_mapping_workflow(stack, "Derived", source=one, target=other)
    chosen = id_mapping_workflow(
        stack,
        "Chosen",
        name="other",
        source=one,
        target=other,
        attribute_matching_model="MANY_TO_MANY",
    )
    assert matching_of(derived)["AttributeMatchingModel"] == {"Ref": "Later"}
    assert matching_of(chosen)["AttributeMatchingModel"] == "MANY_TO_MANY"


def l1_namespace(stack: Stack, type: str, mapping: Any = None, **rule_based: Any) -> CfnIdNamespace:
    if rule_based:
        mapping = {"idMappingType": "RULE_BASED", "ruleBasedProperties": rule_based}
    return CfnIdNamespace(
        stack,
        f"L1{type.title()}",
        id_namespace_name=type,
        type=type,
        id_mapping_workflow_properties=mapping and [mapping],
    )


L1_MATCHING = {
    "attributeMatchingModel": "ONE_TO_ONE",
    "recordMatchingModels": BOTH,
    "ruleDefinitionTypes": ["TARGET"],
}


def test_the_l1_of_a_namespace_of_the_other_type_is_a_problem(stack: Stack) -> None:
    wrong = l1_namespace(stack, "SOURCE")
    (found,) = messages_of(lambda: id_mapping_workflow(stack, target=wrong))
    assert found == (
        "target: the ID namespace Stack/L1Source is of the type SOURCE; use one of the type TARGET"
    )


def test_a_choice_is_derived_from_l1s_too(stack: Stack) -> None:
    one = l1_namespace(stack, "SOURCE", **L1_MATCHING)
    other = l1_namespace(stack, "TARGET", **{**L1_MATCHING, "recordMatchingModels": BOTH[1:]})
    workflow = id_mapping_workflow(stack, source=one, target=other, role=ROLE_ARN)
    assert matching_of(workflow) == {
        "RuleDefinitionType": "TARGET",
        "AttributeMatchingModel": "ONE_TO_ONE",
        "RecordMatchingModel": BOTH[1],
    }


def test_a_contradiction_to_an_l1_is_a_problem(stack: Stack) -> None:
    one = l1_namespace(stack, "SOURCE", **{**L1_MATCHING, "ruleDefinitionTypes": ["SOURCE"]})
    (found,) = messages_of(lambda: id_mapping_workflow(stack, source=one))
    assert "of the source Stack/L1Source is SOURCE and" in found


@pytest.mark.parametrize("known", ["nothing", "only the type", "list tokens"])
def test_what_is_not_known_of_an_l1_is_not_checked(known: str, stack: Stack) -> None:
    later = CfnParameter(stack, "Later", type="CommaDelimitedList").value_as_list
    mappings: dict[str, dict[str, Any]] = {
        "nothing": {},
        "only the type": {"mapping": Fn.transform("Mapping", {})},
        "list tokens": {"recordMatchingModels": later, "ruleDefinitionTypes": later},
    }
    workflow = id_mapping_workflow(
        stack,
        source=l1_namespace(stack, "SOURCE", **mappings[known]),
        target=PARTNER,
        rule_definition_type="SOURCE",
        attribute_matching_model="MANY_TO_MANY",
        record_matching_model=BOTH[1],
        role=ROLE_ARN,
    )
    assert matching_of(workflow)["RuleDefinitionType"] == "SOURCE"


def test_rules_for_an_l1_that_a_provider_service_maps_are_a_problem(stack: Stack) -> None:
    provider = {"idMappingType": "PROVIDER", "providerProperties": {"providerServiceArn": "arn"}}
    (found,) = messages_of(
        lambda: id_mapping_workflow(stack, source=l1_namespace(stack, "SOURCE", provider))
    )
    assert "Stack/L1Source is mapped by a provider service and the workflow maps by rules" in found


PROVIDER_ARN = "arn:aws:entityresolution:us-east-1::providerservice/a/b"


def test_a_provider_service_can_map_the_ids(stack: Stack) -> None:
    provider = CfnIdNamespace.NamespaceProviderPropertiesProperty(provider_service_arn=PROVIDER_ARN)
    namespace = IdNamespace(
        stack, "Own", name="own", type="SOURCE", inputs=[], provider=provider, role=ROLE_ARN
    )
    workflow = id_mapping_workflow(
        stack,
        source=namespace,
        target=PARTNER,
        provider=CfnIdMappingWorkflow.ProviderPropertiesProperty(provider_service_arn=PROVIDER_ARN),
        role=ROLE_ARN,
    )
    assert resource_of(workflow)["Properties"]["IdMappingTechniques"] == {
        "IdMappingType": "PROVIDER",
        "ProviderProperties": {"ProviderServiceArn": PROVIDER_ARN},
    }


def test_with_a_provider_service_an_argument_for_rules_is_a_problem(stack: Stack) -> None:
    found = messages_of(
        lambda: id_mapping_workflow(
            stack,
            source=source(stack),
            target=PARTNER,
            provider={},
            role=ROLE_ARN,
            record_matching_model="ONE_SOURCE_TO_ONE_TARGET",
        )
    )
    assert found == [
        "source: the ID namespace Stack/Source is mapped by rules and the workflow maps by a"
        " provider service; use the same in both places",
        "record_matching_model: this is for rules, and a provider service maps the IDs; leave it"
        " out",
    ]


def test_a_role_is_required_if_the_library_cannot_know_its_permissions(stack: Stack) -> None:
    found = messages_of(
        lambda: id_mapping_workflow(
            stack,
            source=ID_NAMESPACE_ARN,
            target=PARTNER,
            rule_definition_type="TARGET",
            attribute_matching_model="ONE_TO_ONE",
            record_matching_model="ONE_SOURCE_TO_ONE_TARGET",
        )
    )
    assert found == [
        "role: the data of both ID namespaces is not known, and there is no output, so no role can"
        " be created; pass role"
    ]


def test_the_role_can_write_to_the_output(stack: Stack) -> None:
    output = WorkflowOutput(bucket="mapped", prefix="ids")
    resource = resource_of(id_mapping_workflow(stack, output=output))
    assert resource["Properties"]["OutputSourceConfig"] == [{"OutputS3Path": "s3://mapped/ids/"}]
    policies = Template.from_stack(stack).find_resources("AWS::IAM::Policy")
    (own,) = [one for name, one in policies.items() if name.startswith("WorkflowRole")]
    assert "arn:aws:s3:::mapped/ids/*" in str(own)


def test_the_workflow_waits_for_the_policy_of_its_role(stack: Stack) -> None:
    resource = resource_of(id_mapping_workflow(stack))
    policies = Template.from_stack(stack).find_resources("AWS::IAM::Policy")
    (own,) = [name for name in policies if name.startswith("WorkflowRole")]
    assert resource["DependsOn"] == [own]


def test_a_table_accepts_the_workflow(stack: Stack) -> None:
    table = IdMappingTable(
        stack,
        "Table",
        membership=MEMBERSHIP_ID,
        id_mapping_workflow=id_mapping_workflow(stack),
        name="customers",
    )
    config = resource_of(table)["Properties"]["InputReferenceConfig"]
    assert config["InputReferenceArn"]["Fn::GetAtt"][1] == "WorkflowArn"


def test_a_namespace_that_is_not_looked_up_yet_can_be_on_both_sides(app: App) -> None:
    here = Stack(app, "Here", env=Environment(account=ACCOUNT, region=REGION))
    found = IdNamespace.from_lookup(here, "Found", id_namespace_name="subscribers")
    workflow = id_mapping_workflow(here, target=found)
    inputs = resource_of(workflow)["Properties"]["InputSourceConfig"]
    assert [one["Type"] for one in inputs] == ["SOURCE", "TARGET"]


def test_an_l1_without_choices_is_accepted(stack: Stack) -> None:
    rules = CfnIdNamespace.NamespaceRuleBasedPropertiesProperty(
        record_matching_models=[], rule_definition_types=[]
    )
    mapping = CfnIdNamespace.IdNamespaceIdMappingWorkflowPropertiesProperty(
        id_mapping_type="RULE_BASED", rule_based_properties=rules
    )
    l1 = CfnIdNamespace(
        stack,
        "L1",
        id_namespace_name="customers",
        type="SOURCE",
        id_mapping_workflow_properties=[mapping],
    )
    assert matching_of(id_mapping_workflow(stack, source=l1))["RuleDefinitionType"] == "TARGET"


def test_data_in_an_unknown_bucket_is_a_problem_for_a_created_role(stack: Stack) -> None:
    inputs = [table_input(bucket=None, prefix=None)]
    matching = matching_workflow(stack, inputs=inputs, role=ROLE_ARN)
    (found,) = messages_of(lambda: target(stack, matching_workflow=matching))
    assert found.startswith("role: the data of the table 'arn:aws:glue:")
    given = target(stack, matching_workflow=matching, role=ROLE_ARN)
    (found,) = messages_of(lambda: id_mapping_workflow(stack, target=given))
    assert "so no role can be created" in found
