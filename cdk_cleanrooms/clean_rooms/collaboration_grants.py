"""Permissions on a collaboration."""

from __future__ import annotations

from aws_cdk.interfaces.aws_cleanrooms import ICollaborationRef

from .._core.grants import ResourceGrants
from .._core.types import COLLABORATION


class CollaborationGrants(ResourceGrants):
    """Grants of permissions on one collaboration.

    The actions and their resources are those of the service authorization reference. Every grant
    names the collaboration's exact ARN.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
    """

    _type = COLLABORATION
    _read_actions = (
        "cleanrooms:GetCollaboration",
        "cleanrooms:ListMembers",
    )
    _manage_actions = (
        "cleanrooms:DeleteCollaboration",
        "cleanrooms:TagResource",
        "cleanrooms:UntagResource",
        "cleanrooms:UpdateCollaboration",
    )

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
