"""Permissions on a collaboration."""

from __future__ import annotations

import aws_cdk
from aws_cdk.interfaces.aws_cleanrooms import ICollaborationRef

from .._core.grants import ResourceGrants
from .._core.references import Reference


class CollaborationGrants(ResourceGrants):
    """Grants of permissions on one collaboration.

    The actions and their resources are those of the service authorization reference. Every grant
    names the collaboration's exact ARN.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
    """

    _arn = Reference("collaboration_ref", "collaboration_arn", "attr_arn")

    @staticmethod
    def from_collaboration(resource: ICollaborationRef) -> CollaborationGrants:
        """Return the grants of a collaboration.

        Args:
            resource: The collaboration: the construct of this library, an import of one, the CDK's
                `CfnCollaboration`, or any other object that the CDK accepts as one.

        Returns:
            The grants.
        """
        return CollaborationGrants(resource)

    def read(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to read the collaboration and to list its members.

        Args:
            grantee: The principal, such as a role.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal.
        """
        return self.actions(grantee, "cleanrooms:GetCollaboration", "cleanrooms:ListMembers")

    def manage(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to update, delete, tag and untag the collaboration.

        Args:
            grantee: The principal, such as a role.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal.
        """
        return self.actions(
            grantee,
            "cleanrooms:DeleteCollaboration",
            "cleanrooms:TagResource",
            "cleanrooms:UntagResource",
            "cleanrooms:UpdateCollaboration",
        )
