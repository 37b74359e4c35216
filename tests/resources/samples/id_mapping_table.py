"""Samples of an ID mapping table."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_cleanrooms import CfnIdMappingTable, CfnMembership
from aws_cdk.aws_entityresolution import CfnIdMappingWorkflow

from cdk_cleanrooms import IdMappingTable, IdMappingTableGrants
from tests.samples import (
    COLLABORATION_ARN,
    COLLABORATION_ID,
    ID_MAPPING_WORKFLOW_ARN,
    ID_NAMESPACE_ARN,
    KEY_ARN,
    MEMBERSHIP_ARN,
    MEMBERSHIP_ID,
    ROLE_ARN,
    TABLE_ARN,
    TABLE_ID,
)

from . import Sample

_InputReferenceConfig = CfnIdMappingTable.IdMappingTableInputReferenceConfigProperty


def workflow(stack: Stack) -> CfnIdMappingWorkflow:
    """Create an ID mapping workflow as an L1."""
    return CfnIdMappingWorkflow(
        stack,
        "Workflow",
        id_mapping_techniques=CfnIdMappingWorkflow.IdMappingTechniquesProperty(
            id_mapping_type="PROVIDER"
        ),
        input_source_config=[
            CfnIdMappingWorkflow.IdMappingWorkflowInputSourceProperty(
                input_source_arn=ID_NAMESPACE_ARN
            )
        ],
        role_arn=ROLE_ARN,
        workflow_name="customers",
    )


def _constructs(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    membership = CfnMembership(
        stack, "Membership", collaboration_identifier=COLLABORATION_ID, query_log_status="DISABLED"
    )
    id_mapping_workflow = workflow(stack)
    return {"membership": membership, "id_mapping_workflow": id_mapping_workflow}, {
        "membership_identifier": membership.attr_membership_identifier,
        "input_reference_config": _InputReferenceConfig(
            input_reference_arn=id_mapping_workflow.attr_workflow_arn,
            manage_resource_policies=True,
        ),
    }


SAMPLE = Sample(
    construct=IdMappingTable,
    l1=CfnIdMappingTable,
    grants=IdMappingTableGrants,
    minimal={
        "membership": MEMBERSHIP_ID,
        "id_mapping_workflow": ID_MAPPING_WORKFLOW_ARN,
        "name": "customers",
    },
    l1_minimal={
        "membership_identifier": MEMBERSHIP_ID,
        "input_reference_config": _InputReferenceConfig(
            input_reference_arn=ID_MAPPING_WORKFLOW_ARN, manage_resource_policies=True
        ),
        "name": "customers",
    },
    # `source` and `target` are not properties of the resource, and have separate tests.
    full={
        "description": "Our customers",
        "manage_resource_policies": False,
        "encryption_key": KEY_ARN,
    },
    l1_full={
        "description": "Our customers",
        "input_reference_config": _InputReferenceConfig(
            input_reference_arn=ID_MAPPING_WORKFLOW_ARN, manage_resource_policies=False
        ),
        "kms_key_arn": KEY_ARN,
    },
    constructs=_constructs,
    identifier=TABLE_ID,
    primary_identifier={
        "IdMappingTableIdentifier": TABLE_ID,
        "MembershipIdentifier": MEMBERSHIP_ID,
    },
    arn=TABLE_ARN,
    from_arn="from_id_mapping_table_arn",
    existing={"membership": MEMBERSHIP_ID, "id_mapping_table_identifier": TABLE_ID},
    lookup={"membership_identifier": MEMBERSHIP_ID, "id_mapping_table_identifier": TABLE_ID},
    looked_up={
        "name": ("Name", "customers_of_ours"),
        "collaboration_arn": ("CollaborationArn", COLLABORATION_ARN),
        "collaboration_identifier": ("CollaborationIdentifier", COLLABORATION_ID),
    },
    attributes={
        "id_mapping_table_arn": "Arn",
        "id_mapping_table_identifier": "IdMappingTableIdentifier",
        "membership_arn": "MembershipArn",
        "collaboration_arn": "CollaborationArn",
        "collaboration_identifier": "CollaborationIdentifier",
    },
    known={"id_mapping_table_identifier": TABLE_ID, "membership_identifier": MEMBERSHIP_ID},
    arns={"id_mapping_table_arn": TABLE_ARN, "membership_arn": MEMBERSHIP_ARN},
    permissions={
        "read": {
            "id_mapping_table_arn": ["cleanrooms:GetIdMappingTable"],
            "membership_arn": ["cleanrooms:GetIdMappingTable"],
        },
        "manage": {
            "id_mapping_table_arn": [
                "cleanrooms:DeleteIdMappingTable",
                "cleanrooms:TagResource",
                "cleanrooms:UntagResource",
                "cleanrooms:UpdateIdMappingTable",
            ],
            "membership_arn": [
                "cleanrooms:DeleteIdMappingTable",
                "cleanrooms:UpdateIdMappingTable",
            ],
        },
        "populate": {
            "id_mapping_table_arn": ["cleanrooms:PopulateIdMappingTable"],
            "membership_arn": ["cleanrooms:PopulateIdMappingTable"],
        },
    },
)
