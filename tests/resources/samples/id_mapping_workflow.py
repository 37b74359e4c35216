"""Samples of an ID mapping workflow."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_entityresolution import CfnIdMappingWorkflow, CfnIdNamespace
from aws_cdk.aws_iam import AccountRootPrincipal, Role
from aws_cdk.aws_kms import Key
from aws_cdk.aws_s3 import Bucket

from cdk_cleanrooms import (
    AttributeMatchingModel,
    IdMappingWorkflow,
    IdMappingWorkflowGrants,
    RecordMatchingModel,
    RuleDefinitionType,
    WorkflowOutput,
)
from tests.samples import ID_MAPPING_WORKFLOW_ARN, ID_NAMESPACE_ARN, KEY_ARN, ROLE_ARN

from . import Sample

_TARGET_ARN = ID_NAMESPACE_ARN.replace("customers", "subscribers")


def _l1_inputs(source: str, target: str) -> list[object]:
    l1 = CfnIdMappingWorkflow.IdMappingWorkflowInputSourceProperty
    return [
        l1(input_source_arn=source, type="SOURCE"),
        l1(input_source_arn=target, type="TARGET"),
    ]


def _l1_output(path: str, key_arn: str) -> list[object]:
    return [
        CfnIdMappingWorkflow.IdMappingWorkflowOutputSourceProperty(
            output_s3_path=path, kms_arn=key_arn
        )
    ]


def _l1_namespace(stack: Stack, type: str) -> CfnIdNamespace:
    return CfnIdNamespace(stack, type, id_namespace_name=type, type=type)


def _constructs(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    source, target = _l1_namespace(stack, "SOURCE"), _l1_namespace(stack, "TARGET")
    bucket, key = Bucket(stack, "Bucket"), Key(stack, "Key")
    role = Role(stack, "Role", assumed_by=AccountRootPrincipal())
    return {
        "source": source,
        "target": target,
        "output": WorkflowOutput(bucket=bucket, encryption_key=key),
        "role": role,
    }, {
        "input_source_config": _l1_inputs(
            source.attr_id_namespace_arn, target.attr_id_namespace_arn
        ),
        "output_source_config": _l1_output(f"s3://{bucket.bucket_name}/", key.key_arn),
        "role_arn": role.role_arn,
    }


SAMPLE = Sample(
    construct=IdMappingWorkflow,
    l1=CfnIdMappingWorkflow,
    grants=IdMappingWorkflowGrants,
    minimal={
        "name": "customers",
        "source": ID_NAMESPACE_ARN,
        "target": _TARGET_ARN,
        "rule_definition_type": RuleDefinitionType.TARGET,
        "attribute_matching_model": AttributeMatchingModel.ONE_TO_ONE,
        "record_matching_model": RecordMatchingModel.ONE_SOURCE_TO_ONE_TARGET,
        "role": ROLE_ARN,
    },
    l1_minimal={
        "workflow_name": "customers",
        "input_source_config": _l1_inputs(ID_NAMESPACE_ARN, _TARGET_ARN),
        "id_mapping_techniques": CfnIdMappingWorkflow.IdMappingTechniquesProperty(
            id_mapping_type="RULE_BASED",
            rule_based_properties=CfnIdMappingWorkflow.IdMappingRuleBasedPropertiesProperty(
                rule_definition_type="TARGET",
                attribute_matching_model="ONE_TO_ONE",
                record_matching_model="ONE_SOURCE_TO_ONE_TARGET",
            ),
        ),
        "role_arn": ROLE_ARN,
    },
    full={
        "output": WorkflowOutput(bucket="mapped-data", prefix="customers", encryption_key=KEY_ARN),
        "incremental": True,
        "description": "Our customers",
    },
    l1_full={
        "output_source_config": _l1_output("s3://mapped-data/customers/", KEY_ARN),
        "id_mapping_incremental_run_config": (
            CfnIdMappingWorkflow.IdMappingIncrementalRunConfigProperty(
                incremental_run_type="ON_DEMAND"
            )
        ),
        "description": "Our customers",
    },
    constructs=_constructs,
    is_referred_to_by_name=True,
    identifier="customers",
    primary_identifier={"WorkflowName": "customers"},
    arn=ID_MAPPING_WORKFLOW_ARN,
    from_arn="from_id_mapping_workflow_arn",
    existing={"id_mapping_workflow_name": "customers"},
    lookup={"id_mapping_workflow_name": "customers"},
    looked_up={"role_arn": ("RoleArn", ROLE_ARN)},
    attributes={"id_mapping_workflow_arn": "WorkflowArn"},
    known={"id_mapping_workflow_name": "customers"},
    arns={"id_mapping_workflow_arn": ID_MAPPING_WORKFLOW_ARN},
    permissions={
        "read": {"id_mapping_workflow_arn": ["entityresolution:GetIdMappingWorkflow"]},
        "manage": {
            "id_mapping_workflow_arn": [
                "entityresolution:DeleteIdMappingWorkflow",
                "entityresolution:TagResource",
                "entityresolution:UntagResource",
                "entityresolution:UpdateIdMappingWorkflow",
            ],
        },
        "run": {
            "id_mapping_workflow_arn": [
                "entityresolution:GetIdMappingJob",
                "entityresolution:ListIdMappingJobs",
                "entityresolution:StartIdMappingJob",
            ],
        },
    },
)
