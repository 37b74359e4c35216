"""Permissions on an ID namespace association."""

from __future__ import annotations

import aws_cdk
from aws_cdk.interfaces.aws_cleanrooms import IIdNamespaceAssociationRef

from .._core.in_membership import MembershipResourceGrants
from .._core.references import Reference


class IdNamespaceAssociationGrants(MembershipResourceGrants):
    """Grants of permissions on one ID namespace association.

    The actions and their resources are those of the service authorization reference. Every grant
    names the association's exact ARN. For actions that AWS also checks on the membership, a second
    statement names the exact ARN of the membership.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
    """

    _arn = Reference("id_namespace_association_ref", "id_namespace_association_arn", "attr_arn")
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

    def read(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to read the association.

        Args:
            grantee: The principal, such as a role.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal.
        """
        return self.actions(grantee, "cleanrooms:GetIdNamespaceAssociation")

    def manage(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to update, delete, tag and untag the association.

        Args:
            grantee: The principal, such as a role.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal.
        """
        return self.actions(
            grantee,
            "cleanrooms:DeleteIdNamespaceAssociation",
            "cleanrooms:TagResource",
            "cleanrooms:UntagResource",
            "cleanrooms:UpdateIdNamespaceAssociation",
        )
