"""Permissions on an ID namespace association."""

from __future__ import annotations

from aws_cdk.interfaces.aws_cleanrooms import IIdNamespaceAssociationRef

from .._core.grants import InMembershipGrants
from .._core.types import ID_NAMESPACE_ASSOCIATION


class IdNamespaceAssociationGrants(InMembershipGrants):
    """Grants of permissions on one ID namespace association.

    The actions and their resources are those of the service authorization reference. Every grant
    names the association's exact ARN. For actions that AWS also checks on the membership, a second
    statement names the exact ARN of the membership.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
    """

    _type = ID_NAMESPACE_ASSOCIATION
    _read_actions = ("cleanrooms:GetIdNamespaceAssociation",)
    _manage_actions = (
        "cleanrooms:DeleteIdNamespaceAssociation",
        "cleanrooms:TagResource",
        "cleanrooms:UntagResource",
        "cleanrooms:UpdateIdNamespaceAssociation",
    )
    _actions_on_the_membership_too = frozenset(
        {
            "cleanrooms:CreateIdNamespaceAssociation",
            "cleanrooms:DeleteIdNamespaceAssociation",
            "cleanrooms:GetIdNamespaceAssociation",
            "cleanrooms:ListIdNamespaceAssociations",
            "cleanrooms:UpdateIdNamespaceAssociation",
        }
    )

    @staticmethod
    def from_id_namespace_association(
        resource: IIdNamespaceAssociationRef,
    ) -> IdNamespaceAssociationGrants:
        """Return the grants of an association.

        Args:
            resource: The association: the construct of this library, an import of one, the CDK's
                `CfnIdNamespaceAssociation`, or any other object that the CDK accepts as one.

        Returns:
            The grants.
        """
        return IdNamespaceAssociationGrants(resource)
