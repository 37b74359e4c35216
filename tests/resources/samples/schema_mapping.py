"""Samples of a schema mapping."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_entityresolution import CfnSchemaMapping

from cdk_cleanrooms import (
    SchemaAttributeType,
    SchemaInputAttribute,
    SchemaMapping,
    SchemaMappingGrants,
)
from tests.samples import ACCOUNT, REGION

from . import Sample

_ARN = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:schemamapping/customers"
_ID: dict[str, Any] = {"field_name": "id", "type": "UNIQUE_ID"}
_PHONE: dict[str, Any] = {
    "field_name": "phone",
    "type": "PHONE",
    "match_key": "Phone",
    "group_name": "Contact",
    "hashed": True,
}
_PARTNER: dict[str, Any] = {"field_name": "partner", "type": "PROVIDER_ID", "sub_type": "Provider"}


def _no_constructs(_: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    return {}, {}


def _l1_field(**values: Any) -> CfnSchemaMapping.SchemaInputAttributeProperty:
    return CfnSchemaMapping.SchemaInputAttributeProperty(**values)


SAMPLE = Sample(
    construct=SchemaMapping,
    l1=CfnSchemaMapping,
    grants=SchemaMappingGrants,
    minimal={
        "name": "customers",
        "mapped_input_fields": [
            SchemaInputAttribute(field_name="id", type=SchemaAttributeType.UNIQUE_ID),
            SchemaInputAttribute(**_PHONE),
        ],
    },
    l1_minimal={
        "schema_name": "customers",
        "mapped_input_fields": [_l1_field(**_ID), _l1_field(**_PHONE)],
    },
    full={
        "mapped_input_fields": [
            SchemaInputAttribute(**_ID),
            SchemaInputAttribute(**_PARTNER),
        ],
        "description": "Our customers",
    },
    l1_full={
        "mapped_input_fields": [_l1_field(**_ID), _l1_field(**_PARTNER)],
        "description": "Our customers",
    },
    constructs=_no_constructs,
    is_referred_to_by_name=True,
    identifier="customers",
    primary_identifier={"SchemaName": "customers"},
    arn=_ARN,
    from_arn="from_schema_mapping_arn",
    existing={"schema_mapping_name": "customers"},
    lookup={"schema_mapping_name": "customers"},
    looked_up={"has_workflows": ("HasWorkflows", True)},
    attributes={"schema_mapping_arn": "SchemaArn"},
    known={"schema_mapping_name": "customers"},
    arns={"schema_mapping_arn": _ARN},
    permissions={
        "read": {"schema_mapping_arn": ["entityresolution:GetSchemaMapping"]},
        "manage": {
            "schema_mapping_arn": [
                "entityresolution:DeleteSchemaMapping",
                "entityresolution:TagResource",
                "entityresolution:UntagResource",
                "entityresolution:UpdateSchemaMapping",
            ],
        },
    },
)
