"""Permissions on a membership."""

from __future__ import annotations

import aws_cdk
from aws_cdk.interfaces.aws_cleanrooms import IMembershipRef

from .._core.grants import ResourceGrants
from .._core.types import MEMBERSHIP


class MembershipGrants(ResourceGrants):
    """Grants of permissions on one membership.

    The actions and their resources are those of the service authorization reference. Every grant
    names the membership's exact ARN.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
    """

    _type = MEMBERSHIP
    _read_actions = ("cleanrooms:GetMembership",)
    _manage_actions = (
        "cleanrooms:DeleteMembership",
        "cleanrooms:TagResource",
        "cleanrooms:UntagResource",
        "cleanrooms:UpdateMembership",
    )

    @staticmethod
    def from_membership(resource: IMembershipRef) -> MembershipGrants:
        """Return the grants of a membership.

        Args:
            resource: The membership: the construct of this library, an import of one, the CDK's
                `CfnMembership`, or any other object that the CDK accepts as one.

        Returns:
            The grants.
        """
        return MembershipGrants(resource)

    def query(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to start, read, list and cancel queries.

        The principal also needs permission to write to the bucket of the results, and
        `cleanrooms:GetSchema` for the tables of the collaboration.

        Args:
            grantee: The principal, such as a role.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_StartProtectedQuery.html
        """
        return self.actions(
            grantee,
            "cleanrooms:GetProtectedQuery",
            "cleanrooms:ListProtectedQueries",
            "cleanrooms:StartProtectedQuery",
            "cleanrooms:UpdateProtectedQuery",
        )

    def run_jobs(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to start, read, list and cancel PySpark jobs.

        The principal also needs `cleanrooms:GetCollaborationAnalysisTemplate` for the templates,
        and `cleanrooms:GetSchema` for the tables of the collaboration.

        Args:
            grantee: The principal, such as a role.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_StartProtectedJob.html
        """
        return self.actions(
            grantee,
            "cleanrooms:GetProtectedJob",
            "cleanrooms:ListProtectedJobs",
            "cleanrooms:StartProtectedJob",
            "cleanrooms:UpdateProtectedJob",
        )
