"""Samples of an ID namespace."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_entityresolution import CfnIdNamespace, CfnSchemaMapping
from aws_cdk.aws_iam import AccountRootPrincipal, Role

from cdk_cleanrooms import (
    AttributeMatchingModel,
    IdNamespace,
    IdNamespaceGrants,
    IdNamespaceType,
    RecordMatchingModel,
    RuleDefinitionType,
    TableInput,
)
from tests.samples import ACCOUNT, ID_NAMESPACE_ARN, REGION, ROLE_ARN

from . import Sample

_TABLE_ARN = f"arn:aws:glue:{REGION}:{ACCOUNT}:table/crm/customers"


def _l1_input(schema_name: str) -> CfnIdNamespace.IdNamespaceInputSourceProperty:
    return CfnIdNamespace.IdNamespaceInputSourceProperty(
        input_source_arn=_TABLE_ARN, schema_name=schema_name
    )


def _l1_matching(**values: Any) -> CfnIdNamespace.IdNamespaceIdMappingWorkflowPropertiesProperty:
    l1 = CfnIdNamespace
    return l1.IdNamespaceIdMappingWorkflowPropertiesProperty(
        id_mapping_type="RULE_BASED",
        rule_based_properties=l1.NamespaceRuleBasedPropertiesProperty(**values),
    )


def _constructs(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    schema_mapping = CfnSchemaMapping(
        stack,
        "SchemaMapping",
        schema_name="customers",
        mapped_input_fields=[
            CfnSchemaMapping.SchemaInputAttributeProperty(field_name="id", type="UNIQUE_ID"),
            CfnSchemaMapping.SchemaInputAttributeProperty(field_name="age", type="STRING"),
        ],
    )
    role = Role(stack, "Role", assumed_by=AccountRootPrincipal())
    return {
        "inputs": [TableInput(table=_TABLE_ARN, schema_mapping=schema_mapping)],
        "role": role,
    }, {
        "input_source_config": [_l1_input(schema_mapping.ref)],
        "role_arn": role.role_arn,
    }


SAMPLE = Sample(
    construct=IdNamespace,
    l1=CfnIdNamespace,
    grants=IdNamespaceGrants,
    minimal={
        "name": "customers",
        "type": IdNamespaceType.SOURCE,
        "inputs": [TableInput(table=_TABLE_ARN, schema_mapping="customers")],
        "role": ROLE_ARN,
    },
    l1_minimal={
        "id_namespace_name": "customers",
        "type": "SOURCE",
        "input_source_config": [_l1_input("customers")],
        "id_mapping_workflow_properties": [
            _l1_matching(
                rule_definition_types=["TARGET"],
                attribute_matching_model="ONE_TO_ONE",
                record_matching_models=["ONE_SOURCE_TO_ONE_TARGET"],
            )
        ],
        "role_arn": ROLE_ARN,
    },
    full={
        "rules": {"Email": ["Email"], "Name": ["First", "Last"]},
        "rule_definition_types": [RuleDefinitionType.SOURCE, "TARGET"],
        "attribute_matching_model": AttributeMatchingModel.MANY_TO_MANY,
        "record_matching_models": [RecordMatchingModel.MANY_SOURCE_TO_ONE_TARGET],
        "description": "Our customers",
    },
    l1_full={
        "id_mapping_workflow_properties": [
            _l1_matching(
                rules=[
                    CfnIdNamespace.RuleProperty(rule_name="Email", matching_keys=["Email"]),
                    CfnIdNamespace.RuleProperty(rule_name="Name", matching_keys=["First", "Last"]),
                ],
                rule_definition_types=["SOURCE", "TARGET"],
                attribute_matching_model="MANY_TO_MANY",
                record_matching_models=["MANY_SOURCE_TO_ONE_TARGET"],
            )
        ],
        "description": "Our customers",
    },
    constructs=_constructs,
    identifier="customers",
    primary_identifier={"IdNamespaceName": "customers"},
    arn=ID_NAMESPACE_ARN,
    from_arn="from_id_namespace_arn",
    existing={"id_namespace_name": "customers"},
    lookup={"id_namespace_name": "customers"},
    looked_up={"type": ("Type", "TARGET")},
    attributes={"id_namespace_arn": "IdNamespaceArn"},
    known={"id_namespace_name": "customers"},
    arns={"id_namespace_arn": ID_NAMESPACE_ARN},
    permissions={
        "read": {"id_namespace_arn": ["entityresolution:GetIdNamespace"]},
        "manage": {
            "id_namespace_arn": [
                "entityresolution:DeleteIdNamespace",
                "entityresolution:TagResource",
                "entityresolution:UntagResource",
                "entityresolution:UpdateIdNamespace",
            ],
        },
        "use": {
            "id_namespace_arn": [
                "entityresolution:GetIdNamespace",
                "entityresolution:StartIdMappingJob",
            ],
        },
    },
)
