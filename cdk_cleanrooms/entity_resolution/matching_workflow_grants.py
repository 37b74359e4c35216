"""Permissions on a matching workflow."""

from __future__ import annotations

import aws_cdk
from aws_cdk.interfaces.aws_entityresolution import IMatchingWorkflowRef

from .._core.types import MATCHING_WORKFLOW
from ._grants import EntityResolutionGrants


class MatchingWorkflowGrants(EntityResolutionGrants):
    """Grants of permissions on one matching workflow.

    Every grant names the exact ARN of the matching workflow.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsentityresolution.html
    """

    _type = MATCHING_WORKFLOW
    _read_actions = ("entityresolution:GetMatchingWorkflow",)
    _manage_actions = (
        "entityresolution:DeleteMatchingWorkflow",
        "entityresolution:TagResource",
        "entityresolution:UntagResource",
        "entityresolution:UpdateMatchingWorkflow",
    )

    @staticmethod
    def from_matching_workflow(resource: IMatchingWorkflowRef) -> MatchingWorkflowGrants:
        """Return the grants of a matching workflow.

        Args:
            resource: The matching workflow: the construct of this library, an import of one, the
                CDK's `CfnMatchingWorkflow`, or any other object that the CDK accepts as one.

        Returns:
            The grants.
        """
        return MatchingWorkflowGrants(resource)

    def run(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to start jobs of the matching workflow, and to read and list them.

        Args:
            grantee: The principal, such as a role.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal, or is a service with conditions.
        """
        return self.actions(
            grantee,
            "entityresolution:GetMatchingJob",
            "entityresolution:ListMatchingJobs",
            "entityresolution:StartMatchingJob",
        )
