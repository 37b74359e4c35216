"""Samples of a configured table association."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_cleanrooms import CfnConfiguredTable, CfnConfiguredTableAssociation, CfnMembership
from aws_cdk.aws_iam import CfnRole

from cdk_cleanrooms import ConfiguredTableAssociation, ConfiguredTableAssociationGrants
from tests.samples import (
    COLLABORATION_ID,
    CONFIGURED_TABLE_ID,
    MEMBERSHIP_ARN,
    MEMBERSHIP_ID,
    ROLE_ARN,
    TABLE_ASSOCIATION_ARN,
    TABLE_ASSOCIATION_ID,
)

from . import Sample
from .configured_table import reference

_L1 = CfnConfiguredTableAssociation
_MODEL = (
    "arn:aws:cleanrooms:us-east-1:*:"
    f"membership/{MEMBERSHIP_ID}/configuredaudiencemodelassociation/*"
)
_RULE = _L1.ConfiguredTableAssociationAnalysisRuleProperty(
    type="CUSTOM",
    policy=_L1.ConfiguredTableAssociationAnalysisRulePolicyProperty(
        v1=_L1.ConfiguredTableAssociationAnalysisRulePolicyV1Property(
            custom=_L1.ConfiguredTableAssociationAnalysisRuleCustomProperty(
                allowed_result_receivers=["111122223333"], allowed_additional_analyses=[_MODEL]
            )
        )
    ),
)


def _constructs(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    membership = CfnMembership(
        stack, "Membership", collaboration_identifier=COLLABORATION_ID, query_log_status="DISABLED"
    )
    table = CfnConfiguredTable(
        stack,
        "Table",
        name="orders",
        allowed_columns=["order_id"],
        analysis_method="DIRECT_QUERY",
        table_reference=reference("crm", "orders"),
    )
    role = CfnRole(stack, "DataRole", assume_role_policy_document={"Statement": []})
    return {"membership": membership, "configured_table": table, "role": role}, {
        "membership_identifier": membership.attr_membership_identifier,
        "configured_table_identifier": table.attr_configured_table_identifier,
        "role_arn": role.attr_arn,
    }


SAMPLE = Sample(
    construct=ConfiguredTableAssociation,
    l1=CfnConfiguredTableAssociation,
    grants=ConfiguredTableAssociationGrants,
    minimal={
        "membership": MEMBERSHIP_ID,
        "configured_table": CONFIGURED_TABLE_ID,
        "name": "customers",
        "role": ROLE_ARN,
        "collaboration_rule": False,
    },
    l1_minimal={
        "membership_identifier": MEMBERSHIP_ID,
        "configured_table_identifier": CONFIGURED_TABLE_ID,
        "name": "customers",
        "role_arn": ROLE_ARN,
    },
    full={
        "collaboration_rule": True,
        "result_receivers": ["111122223333"],
        "allowed_additional_analyses": [_MODEL],
        "analysis_rule_type": "CUSTOM",
        # These two are for the role that is created, and have separate tests.
        "query_runner_membership": MEMBERSHIP_ARN,
        "member_memberships": [MEMBERSHIP_ARN],
        "description": "Our orders",
    },
    l1_full={
        "configured_table_association_analysis_rules": [_RULE],
        "description": "Our orders",
    },
    constructs=_constructs,
    identifier=TABLE_ASSOCIATION_ID,
    primary_identifier={
        "ConfiguredTableAssociationIdentifier": TABLE_ASSOCIATION_ID,
        "MembershipIdentifier": MEMBERSHIP_ID,
    },
    arn=TABLE_ASSOCIATION_ARN,
    from_arn="from_configured_table_association_arn",
    existing={
        "membership": MEMBERSHIP_ID,
        "configured_table_association_identifier": TABLE_ASSOCIATION_ID,
    },
    lookup={
        "membership_identifier": MEMBERSHIP_ID,
        "configured_table_association_identifier": TABLE_ASSOCIATION_ID,
    },
    looked_up={"name": ("Name", "our_orders")},
    attributes={
        "configured_table_association_arn": "Arn",
        "configured_table_association_identifier": "ConfiguredTableAssociationIdentifier",
    },
    known={
        "configured_table_association_identifier": TABLE_ASSOCIATION_ID,
        "membership_identifier": MEMBERSHIP_ID,
    },
    arns={
        "configured_table_association_arn": TABLE_ASSOCIATION_ARN,
        "membership_arn": MEMBERSHIP_ARN,
    },
    permissions={
        "read": {
            "arn_in_policies": [
                "cleanrooms:GetConfiguredTableAssociation",
                "cleanrooms:GetConfiguredTableAssociationAnalysisRule",
            ],
        },
        "manage": {
            "arn_in_policies": [
                "cleanrooms:CreateConfiguredTableAssociationAnalysisRule",
                "cleanrooms:DeleteConfiguredTableAssociation",
                "cleanrooms:DeleteConfiguredTableAssociationAnalysisRule",
                "cleanrooms:TagResource",
                "cleanrooms:UntagResource",
                "cleanrooms:UpdateConfiguredTableAssociation",
                "cleanrooms:UpdateConfiguredTableAssociationAnalysisRule",
            ],
        },
    },
)
