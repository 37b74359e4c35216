"""Samples of a privacy budget template."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_cleanrooms import CfnMembership, CfnPrivacyBudgetTemplate

from cdk_cleanrooms import (
    DifferentialPrivacyBudget,
    PrivacyBudgetTemplate,
    PrivacyBudgetTemplateGrants,
)
from tests.samples import (
    BUDGET_ARN,
    BUDGET_ID,
    COLLABORATION_ID,
    MEMBERSHIP_ARN,
    MEMBERSHIP_ID,
)

from . import Sample


def _constructs(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    membership = CfnMembership(
        stack, "Membership", collaboration_identifier=COLLABORATION_ID, query_log_status="DISABLED"
    )
    return {"membership": membership}, {
        "membership_identifier": membership.attr_membership_identifier
    }


def _of_another_membership(number: int) -> dict[str, Any]:
    return {"membership": f"{MEMBERSHIP_ID[:-1]}{number}"}


SAMPLE = Sample(
    construct=PrivacyBudgetTemplate,
    l1=CfnPrivacyBudgetTemplate,
    grants=PrivacyBudgetTemplateGrants,
    minimal={
        "membership": MEMBERSHIP_ID,
        "budget": DifferentialPrivacyBudget(epsilon=3, users_noise_per_query=30),
    },
    l1_minimal={
        "membership_identifier": MEMBERSHIP_ID,
        "privacy_budget_type": "DIFFERENTIAL_PRIVACY",
        "auto_refresh": "NONE",
        "parameters": CfnPrivacyBudgetTemplate.ParametersProperty(
            epsilon=3, users_noise_per_query=30
        ),
    },
    full={
        "budget": DifferentialPrivacyBudget(
            epsilon=3, users_noise_per_query=30, refresh_monthly=True
        )
    },
    l1_full={"auto_refresh": "CALENDAR_MONTH"},
    constructs=_constructs,
    another=_of_another_membership,
    found_by="membership",
    identifier=BUDGET_ID,
    primary_identifier={
        "PrivacyBudgetTemplateIdentifier": BUDGET_ID,
        "MembershipIdentifier": MEMBERSHIP_ID,
    },
    arn=BUDGET_ARN,
    from_arn="from_privacy_budget_template_arn",
    existing={"membership": MEMBERSHIP_ID, "privacy_budget_template_identifier": BUDGET_ID},
    looked_up={},
    attributes={
        "privacy_budget_template_arn": "Arn",
        "privacy_budget_template_identifier": "PrivacyBudgetTemplateIdentifier",
        "membership_arn": "MembershipArn",
        "collaboration_arn": "CollaborationArn",
        "collaboration_identifier": "CollaborationIdentifier",
    },
    known={
        "privacy_budget_template_identifier": BUDGET_ID,
        "membership_identifier": MEMBERSHIP_ID,
    },
    arns={"privacy_budget_template_arn": BUDGET_ARN, "membership_arn": MEMBERSHIP_ARN},
    permissions={
        "read": {"arn_in_policies": ["cleanrooms:GetPrivacyBudgetTemplate"]},
        "manage": {
            "arn_in_policies": [
                "cleanrooms:DeletePrivacyBudgetTemplate",
                "cleanrooms:TagResource",
                "cleanrooms:UntagResource",
                "cleanrooms:UpdatePrivacyBudgetTemplate",
            ],
        },
    },
)
