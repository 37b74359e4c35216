"""Samples of a collaboration."""

from __future__ import annotations

from typing import Any

from aws_cdk import RemovalPolicy, Stack
from aws_cdk.aws_cleanrooms import CfnCollaboration

from cdk_cleanrooms import (
    AutoApprovedChangeType,
    Collaboration,
    CollaborationGrants,
    DataEncryptionMetadata,
    Member,
    MemberAbility,
)
from tests.samples import COLLABORATION_ARN, COLLABORATION_ID

from . import Sample

_SETTINGS = {
    "allow_cleartext": True,
    "allow_duplicates": False,
    "allow_joins_on_columns_with_different_names": False,
    "preserve_nulls": True,
}


def _no_constructs(_: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    return {}, {}


SAMPLE = Sample(
    construct=Collaboration,
    l1=CfnCollaboration,
    grants=CollaborationGrants,
    minimal={
        "name": "audience-overlap",
        "description": "Which customers we share",
        "creator": Member(
            display_name="Advertiser",
            abilities=[MemberAbility.CAN_QUERY, "CAN_RECEIVE_RESULTS"],
        ),
    },
    l1_minimal={
        "name": "audience-overlap",
        "description": "Which customers we share",
        "creator_display_name": "Advertiser",
        "creator_member_abilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
        "members": [],
        "query_log_status": "ENABLED",
    },
    full={
        "members": [Member(account_id="444455556666", display_name="Publisher")],
        "query_log_enabled": False,
        "job_log_enabled": True,
        "metrics_enabled": True,
        "data_encryption_metadata": DataEncryptionMetadata(**_SETTINGS),
        "auto_approved_change_types": [AutoApprovedChangeType.ADD_MEMBER],
        "allowed_result_regions": ["us-east-1"],
    },
    l1_full={
        "members": [
            CfnCollaboration.MemberSpecificationProperty(
                account_id="444455556666", display_name="Publisher", member_abilities=[]
            )
        ],
        "query_log_status": "DISABLED",
        "job_log_status": "ENABLED",
        "is_metrics_enabled": True,
        "data_encryption_metadata": CfnCollaboration.DataEncryptionMetadataProperty(**_SETTINGS),
        "auto_approved_change_types": ["ADD_MEMBER"],
        "allowed_result_regions": ["us-east-1"],
    },
    constructs=_no_constructs,
    is_unique=False,
    removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    requests=3,
    identifier=COLLABORATION_ID,
    primary_identifier={"CollaborationIdentifier": COLLABORATION_ID},
    arn=COLLABORATION_ARN,
    from_arn="from_collaboration_arn",
    existing={"collaboration_identifier": COLLABORATION_ID},
    lookup={"collaboration_identifier": COLLABORATION_ID},
    looked_up={
        "name": ("Name", "audience-overlap"),
        # The creator's account can differ from the stack's account.
        "collaboration_arn": ("Arn", COLLABORATION_ARN.replace("111122223333", "444455556666")),
    },
    attributes={
        "collaboration_arn": "Arn",
        "collaboration_identifier": "CollaborationIdentifier",
    },
    known={"collaboration_identifier": COLLABORATION_ID},
    arns={"collaboration_arn": COLLABORATION_ARN},
    permissions={
        "read": {
            "collaboration_arn": ["cleanrooms:GetCollaboration", "cleanrooms:ListMembers"],
        },
        "manage": {
            "collaboration_arn": [
                "cleanrooms:DeleteCollaboration",
                "cleanrooms:TagResource",
                "cleanrooms:UntagResource",
                "cleanrooms:UpdateCollaboration",
            ],
        },
    },
)
