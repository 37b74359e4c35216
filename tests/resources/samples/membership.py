"""Samples of a membership."""

from __future__ import annotations

from typing import Any

from aws_cdk import RemovalPolicy, Stack
from aws_cdk.aws_cleanrooms import CfnCollaboration, CfnMembership
from aws_cdk.aws_iam import AccountRootPrincipal, Role
from aws_cdk.aws_s3 import Bucket

from cdk_cleanrooms import (
    JobResults,
    Membership,
    MembershipGrants,
    PaymentResponsibility,
    ResultFormat,
    Results,
)
from tests.samples import (
    ACCOUNT,
    COLLABORATION_ARN,
    COLLABORATION_ID,
    MEMBERSHIP_ARN,
    MEMBERSHIP_ID,
    ROLE_ARN,
)

from . import Sample


def _l1_results(bucket: str, role: str, **settings: Any) -> object:
    return CfnMembership.MembershipProtectedQueryResultConfigurationProperty(
        output_configuration=CfnMembership.MembershipProtectedQueryOutputConfigurationProperty(
            s3=CfnMembership.ProtectedQueryS3OutputConfigurationProperty(bucket=bucket, **settings)
        ),
        role_arn=role,
    )


def _constructs(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    collaboration = CfnCollaboration(
        stack,
        "Collaboration",
        name="audience-overlap",
        description="Which customers we share",
        creator_display_name="Advertiser",
        query_log_status="ENABLED",
    )
    bucket = Bucket(stack, "Bucket")
    role = Role(stack, "Role", assumed_by=AccountRootPrincipal())
    return {"collaboration": collaboration, "results": Results(bucket=bucket, role=role)}, {
        "collaboration_identifier": collaboration.attr_collaboration_identifier,
        "default_result_configuration": _l1_results(
            bucket.bucket_name, role.role_arn, result_format="PARQUET"
        ),
    }


def _in_another_collaboration(number: int) -> dict[str, Any]:
    return {"collaboration": f"a1b2c3d4-5678-90ab-cdef-{number:012}"}


SAMPLE = Sample(
    construct=Membership,
    l1=CfnMembership,
    grants=MembershipGrants,
    minimal={"collaboration": COLLABORATION_ID},
    l1_minimal={"collaboration_identifier": COLLABORATION_ID, "query_log_status": "DISABLED"},
    full={
        "query_log_enabled": True,
        "job_log_enabled": True,
        "metrics_enabled": True,
        "pays_for": [PaymentResponsibility.QUERY_COMPUTE],
        "results": Results(
            bucket="results",
            prefix="overlap",
            format=ResultFormat.CSV,
            single_file_output=True,
            role=ROLE_ARN,
        ),
        "job_results": JobResults(bucket="results", prefix="jobs", role=ROLE_ARN),
    },
    l1_full={
        "query_log_status": "ENABLED",
        "job_log_status": "ENABLED",
        "is_metrics_enabled": True,
        "payment_configuration": CfnMembership.MembershipPaymentConfigurationProperty(
            query_compute=CfnMembership.MembershipQueryComputePaymentConfigProperty(
                is_responsible=True
            )
        ),
        "default_result_configuration": _l1_results(
            "results", ROLE_ARN, key_prefix="overlap", result_format="CSV", single_file_output=True
        ),
        "default_job_result_configuration": (
            CfnMembership.MembershipProtectedJobResultConfigurationProperty(
                output_configuration=CfnMembership.MembershipProtectedJobOutputConfigurationProperty(
                    s3=CfnMembership.ProtectedJobS3OutputConfigurationInputProperty(
                        bucket="results", key_prefix="jobs"
                    )
                ),
                role_arn=ROLE_ARN,
            )
        ),
    },
    constructs=_constructs,
    another=_in_another_collaboration,
    found_by="collaboration",
    removal_policy=RemovalPolicy.RETAIN,
    removal_policy_if_found=RemovalPolicy.RETAIN,
    requests=3,
    identifier=MEMBERSHIP_ID,
    primary_identifier={"MembershipIdentifier": MEMBERSHIP_ID},
    arn=MEMBERSHIP_ARN,
    from_arn="from_membership_arn",
    existing={"membership_identifier": MEMBERSHIP_ID},
    lookup={"membership_identifier": MEMBERSHIP_ID},
    looked_up={
        "collaboration_arn": ("CollaborationArn", COLLABORATION_ARN),
        "collaboration_identifier": ("CollaborationIdentifier", COLLABORATION_ID),
        "collaboration_creator_account_id": ("CollaborationCreatorAccountId", ACCOUNT),
    },
    attributes={
        "membership_arn": "Arn",
        "membership_identifier": "MembershipIdentifier",
        "collaboration_arn": "CollaborationArn",
        "collaboration_creator_account_id": "CollaborationCreatorAccountId",
    },
    known={"membership_identifier": MEMBERSHIP_ID},
    arns={"membership_arn": MEMBERSHIP_ARN},
    permissions={
        "read": {"membership_arn": ["cleanrooms:GetMembership"]},
        "manage": {
            "membership_arn": [
                "cleanrooms:DeleteMembership",
                "cleanrooms:TagResource",
                "cleanrooms:UntagResource",
                "cleanrooms:UpdateMembership",
            ],
        },
        "query": {
            "membership_arn": [
                "cleanrooms:GetProtectedQuery",
                "cleanrooms:ListProtectedQueries",
                "cleanrooms:StartProtectedQuery",
                "cleanrooms:UpdateProtectedQuery",
            ],
        },
        "run_jobs": {
            "membership_arn": [
                "cleanrooms:GetProtectedJob",
                "cleanrooms:ListProtectedJobs",
                "cleanrooms:StartProtectedJob",
                "cleanrooms:UpdateProtectedJob",
            ],
        },
    },
)
