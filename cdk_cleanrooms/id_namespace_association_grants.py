"""Permissions on an ID namespace association."""

from __future__ import annotations

from functools import cache

import aws_cdk
from aws_cdk.interfaces.aws_cleanrooms import IIdNamespaceAssociationRef

from ._core.grants import grant
from ._core.membership_resource import containing_membership_arn
from ._core.references import Reference

_ASSOCIATION = Reference("id_namespace_association_ref", "id_namespace_association_arn", "attr_arn")

# The actions for which AWS lists the membership as a required resource too.
_ACTIONS_ON_THE_MEMBERSHIP_TOO = frozenset(
    {
        "cleanrooms:CreateIdNamespaceAssociation",
        "cleanrooms:DeleteIdNamespaceAssociation",
        "cleanrooms:GetIdNamespaceAssociation",
        "cleanrooms:ListIdNamespaceAssociations",
        "cleanrooms:UpdateIdNamespaceAssociation",
    }
)


class IdNamespaceAssociationGrants:
    """Grants of permissions on one ID namespace association.

    The actions and their resources are those of the service authorization reference. Every grant
    names the association's exact ARN. For actions that AWS also checks on the membership, a second
    statement names the exact ARN of the membership.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
    """

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

    def __init__(self, resource: IIdNamespaceAssociationRef) -> None:
        self._resource = resource

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

    def actions(self, grantee: aws_cdk.aws_iam.IGrantable, *actions: str) -> aws_cdk.aws_iam.Grant:
        """Grant permission for actions on the association.

        Args:
            grantee: The principal, such as a role.
            *actions: IAM actions that can be limited to an ID namespace association, such as
                `cleanrooms:GetIdNamespaceAssociation`; at least one, without wildcards.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal, if no action is given, or if one is
                not the name of one action.
        """
        arn = cache(lambda: _ASSOCIATION.read(self._resource))
        return grant(
            self._resource,
            grantee,
            actions,
            (lambda _: True, arn),
            (
                _ACTIONS_ON_THE_MEMBERSHIP_TOO.__contains__,
                lambda: containing_membership_arn(self._resource, arn, "idnamespaceassociation"),
            ),
        )
