"""Samples of an analysis template."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_cleanrooms import CfnAnalysisTemplate, CfnMembership
from aws_cdk.aws_iam import CfnRole
from aws_cdk.aws_s3 import CfnBucket

from cdk_cleanrooms import (
    AnalysisTemplate,
    AnalysisTemplateGrants,
    Parameter,
    PySparkSource,
    SqlSource,
)
from tests.samples import (
    COLLABORATION_ID,
    MEMBERSHIP_ARN,
    MEMBERSHIP_ID,
    ROLE_ARN,
    TEMPLATE_ARN,
    TEMPLATE_ID,
)

from . import Sample

_L1 = CfnAnalysisTemplate


def _artifacts(bucket: str, role: str, *others: str) -> CfnAnalysisTemplate.AnalysisSourceProperty:
    first, *additional = (
        _L1.AnalysisTemplateArtifactProperty(
            location=_L1.S3LocationProperty(bucket=bucket, key=key)
        )
        for key in ("overlap.py", *others)
    )
    return _L1.AnalysisSourceProperty(
        artifacts=_L1.AnalysisTemplateArtifactsProperty(
            entry_point=first, role_arn=role, additional_artifacts=additional or None
        )
    )


def _constructs(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    membership = CfnMembership(
        stack, "Membership", collaboration_identifier=COLLABORATION_ID, query_log_status="DISABLED"
    )
    bucket = CfnBucket(stack, "Bucket")
    role = CfnRole(stack, "CodeRole", assume_role_policy_document={"Statement": []})
    source = PySparkSource(bucket=bucket, entry_point="overlap.py", role=role)
    return {"membership": membership, "source": source}, {
        "membership_identifier": membership.attr_membership_identifier,
        "format": "PYSPARK_1_0",
        "source": _artifacts(bucket.ref, role.attr_arn),
    }


SAMPLE = Sample(
    construct=AnalysisTemplate,
    l1=CfnAnalysisTemplate,
    grants=AnalysisTemplateGrants,
    minimal={
        "membership": MEMBERSHIP_ID,
        "name": "customers",
        "source": SqlSource("SELECT 1"),
    },
    l1_minimal={
        "membership_identifier": MEMBERSHIP_ID,
        "name": "customers",
        "format": "SQL",
        "source": _L1.AnalysisSourceProperty(text="SELECT 1"),
    },
    full={
        "source": PySparkSource(
            bucket="code",
            entry_point="overlap.py",
            virtual_environment="packages.tar.gz",
            role=ROLE_ARN,
        ),
        "parameters": {"since": "STRING", "until": Parameter(type="STRING", default="2027-01-01")},
        "referenced_tables": ["orders"],
        "detailed_error_messages": True,
        "description": "Who buys from both of us",
    },
    l1_full={
        "format": "PYSPARK_1_0",
        "source": _artifacts("code", ROLE_ARN, "packages.tar.gz"),
        "analysis_parameters": [
            _L1.AnalysisParameterProperty(name="since", type="STRING"),
            _L1.AnalysisParameterProperty(name="until", type="STRING", default_value="2027-01-01"),
        ],
        "schema": _L1.AnalysisSchemaProperty(referenced_tables=["orders"]),
        "error_message_configuration": _L1.ErrorMessageConfigurationProperty(type="DETAILED"),
        "description": "Who buys from both of us",
    },
    constructs=_constructs,
    identifier=TEMPLATE_ID,
    primary_identifier={
        "AnalysisTemplateIdentifier": TEMPLATE_ID,
        "MembershipIdentifier": MEMBERSHIP_ID,
    },
    arn=TEMPLATE_ARN,
    from_arn="from_analysis_template_arn",
    existing={"membership": MEMBERSHIP_ID, "analysis_template_identifier": TEMPLATE_ID},
    looked_up={},
    attributes={
        "analysis_template_arn": "Arn",
        "analysis_template_identifier": "AnalysisTemplateIdentifier",
        "membership_arn": "MembershipArn",
        "collaboration_arn": "CollaborationArn",
        "collaboration_identifier": "CollaborationIdentifier",
    },
    known={"analysis_template_identifier": TEMPLATE_ID, "membership_identifier": MEMBERSHIP_ID},
    arns={"analysis_template_arn": TEMPLATE_ARN, "membership_arn": MEMBERSHIP_ARN},
    in_the_collaboration={"read": "cleanrooms:GetCollaborationAnalysisTemplate"},
    permissions={
        "read": {"analysis_template_arn": ["cleanrooms:GetAnalysisTemplate"]},
        "manage": {
            "analysis_template_arn": [
                "cleanrooms:DeleteAnalysisTemplate",
                "cleanrooms:TagResource",
                "cleanrooms:UntagResource",
                "cleanrooms:UpdateAnalysisTemplate",
            ],
        },
    },
)
