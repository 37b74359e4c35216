"""Mistakes with resources of Entity Resolution, whose messages are on the errors page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from aws_cdk import Stack
from aws_cdk.aws_iam import AccountPrincipal, ServicePrincipal

from cdk_cleanrooms import SchemaInputAttribute
from tests.resources.entity_resolution.declarations import (
    FIELDS,
    ROLE_ARN,
    TABLE_ARN,
    WORKFLOW_ARN,
    id_mapping_workflow,
    matching_workflow,
    output,
    schema_mapping,
    source,
    table_input,
    target,
)

Provoke = Callable[[Stack], object]

_BOTH = ["ONE_SOURCE_TO_ONE_TARGET", "MANY_SOURCE_TO_ONE_TARGET"]
_RULES = {"Email": ["Email"]}
_PARTNER = "arn:aws:entityresolution:us-east-1:444455556666:idnamespace/subscribers"
_ID = SchemaInputAttribute(field_name="id2", type="UNIQUE_ID")
_NUMBER = SchemaInputAttribute(field_name=cast(Any, 3), type="STRING")
_FACE = SchemaInputAttribute(field_name="\u263a", type="STRING")


def _with(declare: Callable[..., object], **arguments: Any) -> Provoke:
    return lambda stack: declare(stack, **arguments)


def _match(stack: Stack) -> object:
    one = table_input(schema_mapping=schema_mapping(stack))
    return matching_workflow(stack, inputs=[one], rules={"Mail": ["mail"]})


def _target_of_data_in_an_unknown_bucket(stack: Stack) -> None:
    inputs = [table_input(bucket=None, prefix=None)]
    target(stack, matching_workflow=matching_workflow(stack, inputs=inputs, role=ROLE_ARN))


def _take_over_no_rules(stack: Stack) -> object:
    workflow = matching_workflow(stack, rules=None, machine_learning=True)
    return target(stack, matching_workflow=workflow)


def _choose(stack: Stack) -> object:
    one, other = (declare(stack, record_matching_models=_BOTH) for declare in (source, target))
    return id_mapping_workflow(stack, source=one, target=other)


PROVOCATIONS: list[Provoke] = [
    _with(schema_mapping, name="my customers"),
    _with(schema_mapping, name=WORKFLOW_ARN),
    _with(schema_mapping, adopt="subscribers"),
    _with(schema_mapping, mapped_input_fields=FIELDS[:1]),
    _with(schema_mapping, mapped_input_fields=[*FIELDS, FIELDS[1]]),
    _with(schema_mapping, mapped_input_fields=[*FIELDS, _ID]),
    _with(schema_mapping, mapped_input_fields=[*FIELDS, _FACE]),
    _with(schema_mapping, mapped_input_fields="id"),
    _with(schema_mapping, mapped_input_fields=[*FIELDS, _NUMBER]),
    _with(matching_workflow, rules=None),
    _with(matching_workflow, machine_learning=True),
    _with(matching_workflow, rules={}),
    _with(matching_workflow, rules={"Email": []}),
    _with(matching_workflow, rules=["Email"]),
    _with(matching_workflow, rules={3: ["Email"]}),
    _with(matching_workflow, rules={"Email": "Email"}),
    _with(matching_workflow, rules={"Email": [3]}),
    _with(matching_workflow, rules=None, rule_conditions=["Exact(Email)"]),
    _with(matching_workflow, rules=None, rule_conditions={"Email": 3}),
    _with(matching_workflow, rules=None, provider={}),
    _with(matching_workflow, inputs=TABLE_ARN, output=output()),
    _with(matching_workflow, inputs=[]),
    _with(matching_workflow, inputs=[TABLE_ARN]),
    _with(matching_workflow, inputs=[table_input(bucket=None)]),
    _with(matching_workflow, inputs=[table_input(bucket="CRM")]),
    _with(matching_workflow, inputs=[table_input(bucket="arn:aws:s3:::crm-data")]),
    _with(matching_workflow, inputs=[table_input(prefix="a*")]),
    _with(matching_workflow, inputs=[table_input(prefix="/customers")]),
    _with(matching_workflow, inputs=[table_input(table="crm.customers")]),
    _with(matching_workflow, inputs=[table_input(table=3)]),
    _with(matching_workflow, inputs=[table_input(schema_mapping=3)]),
    _with(matching_workflow, output=output(columns=None)),
    _with(matching_workflow, output=output(columns="id")),
    _with(matching_workflow, output=output(columns=[3])),
    _with(matching_workflow, output=output(columns=["id"] * 751)),
    _with(matching_workflow, output=output(hashed_columns=["email"])),
    _with(matching_workflow, transitive_matching=True),
    _with(matching_workflow, output=output(prefix="matched\n")),
    _with(matching_workflow, output=output(bucket="our-bucket", prefix="p" * 1008)),
    _with(matching_workflow, output=output(apply_normalization="false")),
    _with(matching_workflow, role="EntityResolution"),
    _with(matching_workflow, role=f"arn:aws:iam::111122223333:role/{'EntityResolution' * 32}"),
    _match,
    _with(source, inputs=[WORKFLOW_ARN]),
    _with(source, inputs=[table_input(), WORKFLOW_ARN], role=ROLE_ARN),
    _with(source, rule_definition_types=["SOURCE"]),
    _with(source, rules=_RULES, rule_definition_types=["TARGET"]),
    _with(source, record_matching_models=[]),
    _with(target, rules={"Phone": ["Phone"]}),
    _with(target, matching_workflow=table_input(), rules=_RULES),
    _take_over_no_rules,
    _target_of_data_in_an_unknown_bucket,
    _choose,
    lambda stack: id_mapping_workflow(stack, source=source(stack, rules=_RULES)),
    _with(id_mapping_workflow, attribute_matching_model="MANY_TO_MANY"),
    _with(id_mapping_workflow, source=_PARTNER, target=_PARTNER),
    lambda stack: id_mapping_workflow(stack, target=source(stack)),
    _with(
        id_mapping_workflow,
        source=_PARTNER,
        provider={},
        rule_definition_type="TARGET",
        role=ROLE_ARN,
    ),
    lambda stack: source(stack).grants.read(
        ServicePrincipal(
            "cleanrooms.amazonaws.com", conditions={"Bool": {"aws:ViaAWSService": "true"}}
        )
    ),
    lambda stack: source(stack).grants.actions(
        AccountPrincipal("444455556666"), "cleanrooms:GetCollaboration"
    ),
]


def declare_twice(stack: Stack) -> None:
    """Declare two schema mappings with the same name."""
    schema_mapping(stack)
    schema_mapping(stack, "Again")
