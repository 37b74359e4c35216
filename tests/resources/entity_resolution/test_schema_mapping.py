"""Tests of `SchemaMapping`, which describes the columns of a table."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_iam import AccountPrincipal, Role, ServicePrincipal

from cdk_cleanrooms import SchemaAttributeType, SchemaInputAttribute, SchemaMapping
from tests.helpers import resource_of
from tests.resources.entity_resolution.declarations import FIELDS, messages_of, schema_mapping
from tests.samples import ACCOUNT, REGION

ARN = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:schemamapping/customers"


def test_the_resource_has_the_fields_in_their_order(stack: Stack) -> None:
    assert resource_of(schema_mapping(stack, description="The customers"))["Properties"] == {
        "SchemaName": "customers",
        "Description": "The customers",
        "MappedInputFields": [
            {"FieldName": "id", "Type": "UNIQUE_ID"},
            {"FieldName": "email", "Type": "EMAIL_ADDRESS", "MatchKey": "Email"},
        ],
    }


def test_a_field_has_all_its_values_in_the_template(stack: Stack) -> None:
    name = SchemaInputAttribute(
        field_name="last name",
        type=SchemaAttributeType.NAME_LAST,
        match_key="Name",
        group_name="Full name",
        sub_type="LiveRamp",
        hashed=True,
    )
    mapping = schema_mapping(stack, mapped_input_fields=[*FIELDS, name])
    assert resource_of(mapping)["Properties"]["MappedInputFields"][2] == {
        "FieldName": "last name",
        "Type": "NAME_LAST",
        "MatchKey": "Name",
        "GroupName": "Full name",
        "SubType": "LiveRamp",
        "Hashed": True,
    }


def fields(*types: str) -> list[SchemaInputAttribute]:
    return [
        SchemaInputAttribute(field_name=f"field{index}", type=each)
        for index, each in enumerate(types)
    ]


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        (
            [{"fieldName": "id", "type": "UNIQUE_ID"}, *fields("STRING")],
            ["SchemaInputAttribute(field_name=…, type=…)"],
        ),
        (fields("UNIQUEID", "STRING"), ["item 1: its type, 'UNIQUEID' is not one of"]),
        ([], ["there are 0 fields"]),
    ],
)
def test_an_id_is_not_missed_where_another_problem_may_be_the_reason(
    stack: Stack, given: list[Any], messages: list[str]
) -> None:
    found = messages_of(lambda: schema_mapping(stack, mapped_input_fields=given))
    assert len(found) == len(messages)
    assert all(part in message for part, message in zip(messages, found, strict=True))


def test_a_name_can_be_used_once_in_each_region(app: App) -> None:
    for region in ("us-east-1", "us-west-2"):
        schema_mapping(Stack(app, region, env=Environment(account=ACCOUNT, region=region)))
    app.synth()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (fields("UNIQUE_ID"), "there is 1 field; CloudFormation accepts 2 to 35"),
        (fields("UNIQUE_ID", *["STRING"] * 35), "there are 36 fields"),
        (fields("STRING", "STRING"), "0 fields are of type UNIQUE_ID"),
        (fields("UNIQUE_ID", "UNIQUE_ID"), "2 fields are of type UNIQUE_ID"),
        (fields("UNIQUE_ID", "IPV4"), "item 2: its type, 'IPV4' is not one of"),
        ([*FIELDS, FIELDS[1]], "the field 'email' is given 2 times; use it once"),
        (
            [*FIELDS, SchemaInputAttribute(field_name="a\tb", type="STRING")],
            "'a\\tb' has characters other than letters, digits, underscores, hyphens and spaces",
        ),
        ("id", "use a list, such as [SchemaInputAttribute("),
        ([*FIELDS, {"fieldName": "x"}], "use SchemaInputAttribute(field_name="),
    ],
)
def test_fields_that_cannot_be_mapped_are_a_problem(given: Any, message: str, stack: Stack) -> None:
    (found,) = messages_of(lambda: schema_mapping(stack, mapped_input_fields=given))
    assert message in found


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "is empty; use 1 to 255 characters"),
        ("a" * 256, "has 256 characters"),
        ("my customers", "is not the name of a schema mapping"),
        (ARN, "is an ARN; use the name, 'customers'"),
    ],
)
def test_an_invalid_name_is_a_problem(name: str, message: str, stack: Stack) -> None:
    (found,) = messages_of(lambda: schema_mapping(stack, name=name))
    assert message in found


def test_a_description_contains_only_what_utf_8_can_encode(stack: Stack) -> None:
    (found,) = messages_of(lambda: schema_mapping(stack, description="\ud800"))
    assert "has U+D800 at position 1" in found


def test_a_schema_mapping_can_be_imported_by_its_name_or_its_arn(stack: Stack) -> None:
    by_name = SchemaMapping.from_existing(stack, "Name", schema_mapping_name="customers")
    by_arn = SchemaMapping.from_schema_mapping_arn(stack, "Arn", ARN)
    assert by_name.schema_mapping_name == by_arn.schema_mapping_name == "customers"
    assert by_arn.schema_mapping_arn == ARN
    assert by_arn.env.account == ACCOUNT


def test_a_look_up_says_whether_workflows_use_it(app: Any) -> None:
    stack = Stack(app, "Here", env=Environment(account=ACCOUNT, region=REGION))
    found = SchemaMapping.from_lookup(stack, "Found", schema_mapping_name="customers")
    assert found.has_workflows is False


def test_adoption_by_another_name_is_a_problem(stack: Stack) -> None:
    (found,) = messages_of(lambda: schema_mapping(stack, adopt="subscribers"))
    assert "'subscribers' is not the name 'customers' that is declared" in found


@pytest.mark.parametrize(
    ("adopt", "policy"), [("customers", "Retain"), (True, "RetainExceptOnCreate")]
)
def test_an_adopted_schema_mapping_is_retained(adopt: Any, policy: str, stack: Stack) -> None:
    assert resource_of(schema_mapping(stack, adopt=adopt))["DeletionPolicy"] == policy


def test_a_grant_to_a_role_is_in_the_policy_of_the_role(stack: Stack) -> None:
    role = Role(stack, "Reader", assumed_by=ServicePrincipal("lambda.amazonaws.com"))
    schema_mapping(stack).grants.read(role)
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EntityResolution::PolicyStatement", 0)
    (policy,) = template.find_resources("AWS::IAM::Policy").values()
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Action"] == "entityresolution:GetSchemaMapping"


def test_a_grant_to_an_account_is_in_the_resource_policy(stack: Stack) -> None:
    mapping = schema_mapping(stack)
    mapping.grants.read(AccountPrincipal("444455556666"))
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EntityResolution::PolicyStatement", 1)


def test_the_conditions_of_a_principal_are_not_dropped(stack: Stack) -> None:
    service = ServicePrincipal(
        "cleanrooms.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    )
    (found,) = messages_of(lambda: schema_mapping(stack).grants.read(service))
    assert found.startswith("grantee: the principal has conditions")


def test_an_adoption_by_a_name_that_is_not_looked_up_yet_is_accepted(stack: Stack) -> None:
    schema_mapping(stack, adopt="dummy-value-for-/entity-resolution/schema")
