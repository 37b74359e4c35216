"""Samples of a matching workflow."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_entityresolution import CfnMatchingWorkflow, CfnSchemaMapping
from aws_cdk.aws_iam import AccountRootPrincipal, Role
from aws_cdk.aws_kms import Key
from aws_cdk.aws_s3 import Bucket

from cdk_cleanrooms import (
    AttributeMatchingModel,
    MatchingWorkflow,
    MatchingWorkflowGrants,
    MatchingWorkflowOutput,
    TableInput,
)
from tests.samples import ACCOUNT, KEY_ARN, REGION, ROLE_ARN

from . import Sample

_ARN = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:matchingworkflow/subscribers"
_SCHEMA_ARN = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:schemamapping/subscribers"
_TABLE_ARN = f"arn:aws:glue:{REGION}:{ACCOUNT}:table/crm/subscribers"


def _l1_input(**values: Any) -> CfnMatchingWorkflow.InputSourceProperty:
    return CfnMatchingWorkflow.InputSourceProperty(
        **{"input_source_arn": _TABLE_ARN, "schema_arn": _SCHEMA_ARN, **values}
    )


def _l1_output(path: str, *columns: dict[str, Any], **values: Any) -> object:
    l1 = CfnMatchingWorkflow
    output = [l1.OutputAttributeProperty(**each) for each in columns]
    return l1.OutputSourceProperty(output_s3_path=path, output=output, **values)


def _l1_rules(**values: Any) -> object:
    l1 = CfnMatchingWorkflow
    return l1.ResolutionTechniquesProperty(
        resolution_type="RULE_MATCHING",
        rule_based_properties=l1.RuleBasedPropertiesProperty(
            rules=[l1.RuleProperty(rule_name="Email", matching_keys=["Email"])], **values
        ),
    )


def _l1_conditions() -> object:
    l1 = CfnMatchingWorkflow
    return l1.ResolutionTechniquesProperty(
        resolution_type="RULE_MATCHING",
        rule_condition_properties=l1.RuleConditionPropertiesProperty(
            rules=[l1.RuleConditionProperty(rule_name="Email", condition="Exact(Email)")],
            matching_config=l1.MatchingConfigProperty(enable_transitive_matching=True),
        ),
        enable_real_time_matching=False,
    )


def _constructs(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    schema_mapping = CfnSchemaMapping(
        stack,
        "SchemaMapping",
        schema_name="subscribers",
        mapped_input_fields=[
            CfnSchemaMapping.SchemaInputAttributeProperty(field_name="id", type="UNIQUE_ID"),
            CfnSchemaMapping.SchemaInputAttributeProperty(field_name="age", type="STRING"),
        ],
    )
    bucket, key = Bucket(stack, "Bucket"), Key(stack, "Key")
    role = Role(stack, "Role", assumed_by=AccountRootPrincipal())
    output = MatchingWorkflowOutput(bucket=bucket, encryption_key=key, columns=["id"])
    return {
        "inputs": [TableInput(table=_TABLE_ARN, schema_mapping=schema_mapping)],
        "output": output,
        "role": role,
    }, {
        "input_source_config": [_l1_input(schema_arn=schema_mapping.attr_schema_arn)],
        "output_source_config": [
            _l1_output(f"s3://{bucket.bucket_name}/", {"name": "id"}, kms_arn=key.key_arn)
        ],
        "role_arn": role.role_arn,
    }


SAMPLE = Sample(
    construct=MatchingWorkflow,
    l1=CfnMatchingWorkflow,
    grants=MatchingWorkflowGrants,
    minimal={
        "name": "subscribers",
        "inputs": [TableInput(table=_TABLE_ARN, schema_mapping=_SCHEMA_ARN)],
        "output": MatchingWorkflowOutput(bucket="matched-data", columns=["id"]),
        "rules": {"Email": ["Email"]},
        "role": ROLE_ARN,
    },
    l1_minimal={
        "workflow_name": "subscribers",
        "input_source_config": [_l1_input()],
        "output_source_config": [_l1_output("s3://matched-data/", {"name": "id"})],
        "resolution_techniques": _l1_rules(attribute_matching_model="ONE_TO_ONE"),
        "role_arn": ROLE_ARN,
    },
    full={
        "inputs": [
            TableInput(table=_TABLE_ARN, schema_mapping=_SCHEMA_ARN, apply_normalization=False)
        ],
        "output": MatchingWorkflowOutput(
            bucket="matched-data",
            prefix="subscribers",
            encryption_key=KEY_ARN,
            columns=["id", "Email"],
            hashed_columns=["Email"],
            apply_normalization=True,
        ),
        "attribute_matching_model": AttributeMatchingModel.MANY_TO_MANY,
        "rules": None,
        "rule_conditions": {"Email": "Exact(Email)"},
        "transitive_matching": True,
        "real_time_matching": False,
        "incremental": True,
        "description": "Our subscribers",
    },
    l1_full={
        "input_source_config": [_l1_input(apply_normalization=False)],
        "output_source_config": [
            _l1_output(
                "s3://matched-data/subscribers/",
                {"name": "id"},
                {"name": "Email", "hashed": True},
                kms_arn=KEY_ARN,
                apply_normalization=True,
            )
        ],
        "resolution_techniques": _l1_conditions(),
        "incremental_run_config": CfnMatchingWorkflow.IncrementalRunConfigProperty(
            incremental_run_type="IMMEDIATE"
        ),
        "description": "Our subscribers",
    },
    constructs=_constructs,
    is_referred_to_by_name=True,
    identifier="subscribers",
    primary_identifier={"WorkflowName": "subscribers"},
    arn=_ARN,
    from_arn="from_matching_workflow_arn",
    existing={"matching_workflow_name": "subscribers"},
    lookup={"matching_workflow_name": "subscribers"},
    looked_up={"role_arn": ("RoleArn", ROLE_ARN)},
    attributes={"matching_workflow_arn": "WorkflowArn"},
    known={"matching_workflow_name": "subscribers"},
    arns={"matching_workflow_arn": _ARN},
    permissions={
        "read": {"matching_workflow_arn": ["entityresolution:GetMatchingWorkflow"]},
        "manage": {
            "matching_workflow_arn": [
                "entityresolution:DeleteMatchingWorkflow",
                "entityresolution:TagResource",
                "entityresolution:UntagResource",
                "entityresolution:UpdateMatchingWorkflow",
            ],
        },
        "run": {
            "matching_workflow_arn": [
                "entityresolution:GetMatchingJob",
                "entityresolution:ListMatchingJobs",
                "entityresolution:StartMatchingJob",
            ],
        },
    },
)
