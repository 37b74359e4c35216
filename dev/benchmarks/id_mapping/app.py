"""The app of `examples/id_mapping`, written only with the CDK's L1s.

Both templates are the same, except for the logical IDs. A test compares them.
"""

from __future__ import annotations

from typing import Any

from aws_cdk import App, CfnOutput, RemovalPolicy
from aws_cdk.aws_cleanrooms import CfnCollaboration, CfnMembership
from constructs import Construct

from dev.benchmarks.mapping_stack import MappingStack


class IdMappingStack(MappingStack):
    """The data, the collaboration, and the table that maps one ID to the other."""

    def __init__(self, scope: Construct, id: str, **kwargs: Any) -> None:
        super().__init__(scope, id, database="id_mapping", **kwargs)
        collaboration = CfnCollaboration(
            self,
            "Collaboration",
            name="customer-match",
            description="Who is both",
            creator_display_name="Example Corp",
            creator_member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            members=[],
            query_log_status="ENABLED",
        )
        collaboration.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        membership = CfnMembership(
            self,
            "Membership",
            collaboration_identifier=collaboration.attr_collaboration_identifier,
            query_log_status="ENABLED",
        )
        membership.apply_removal_policy(RemovalPolicy.RETAIN)
        us = membership.attr_membership_identifier
        subscribers = self.table("Subscribers", "subscribers")
        table = self.map(
            us,
            self.table("Customers", "customers"),
            subscribers,
            matching_name="subscribers",
            workflow_name="customers-to-subscribers",
        )
        command = (
            "aws cleanrooms populate-id-mapping-table"
            f" --membership-identifier {us} --id-mapping-table-identifier {table}"
        )
        CfnOutput(self, "Populate", value=command, description="Fills the table; takes hours")


app = App()
IdMappingStack(app, "IdMapping")
app.synth()
