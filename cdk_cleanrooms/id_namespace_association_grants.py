"""Permissions on an ID namespace association."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aws_cdk.aws_iam import Grant, IGrantable
from aws_cdk.interfaces.aws_cleanrooms import IIdNamespaceAssociationRef

from ._core import references
from ._core.validation import Problem, refuse

# AWS lists the membership as a required resource of these actions, beside the association.
_ACTIONS_ON_THE_MEMBERSHIP_TOO = frozenset(
    {
        "cleanrooms:CreateIdNamespaceAssociation",
        "cleanrooms:DeleteIdNamespaceAssociation",
        "cleanrooms:GetIdNamespaceAssociation",
        "cleanrooms:ListIdNamespaceAssociations",
        "cleanrooms:UpdateIdNamespaceAssociation",
    }
)

_ACTION = re.compile("[a-z0-9-]+:[A-Za-z0-9]+")


class IdNamespaceAssociationGrants:
    """Grants of permissions on one ID namespace association.

    The actions and what they apply to are those of the service authorization reference. Every
    grant names the association's exact ARN. Where AWS asks for its membership as well, a statement
    of its own names the exact ARN of that one.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
    """

    @staticmethod
    def from_id_namespace_association(
        resource: IIdNamespaceAssociationRef,
    ) -> IdNamespaceAssociationGrants:
        """The grants of an association.

        Args:
            resource: The association: the construct of this library, an import of one, the CDK's
                `CfnIdNamespaceAssociation`, or whatever else the CDK takes as one.

        Returns:
            The grants.
        """
        return IdNamespaceAssociationGrants(resource)

    def __init__(self, resource: IIdNamespaceAssociationRef) -> None:
        self._resource = resource

    def read(self, grantee: IGrantable) -> Grant:
        """Allow to get the association.

        Args:
            grantee: Who is allowed to, such as a role.

        Returns:
            The grant.
        """
        return self.actions(grantee, "cleanrooms:GetIdNamespaceAssociation")

    def manage(self, grantee: IGrantable) -> Grant:
        """Allow to update, delete, tag and untag the association.

        Args:
            grantee: Who is allowed to, such as a role.

        Returns:
            The grant.
        """
        return self.actions(
            grantee,
            "cleanrooms:DeleteIdNamespaceAssociation",
            "cleanrooms:TagResource",
            "cleanrooms:UntagResource",
            "cleanrooms:UpdateIdNamespaceAssociation",
        )

    def actions(self, grantee: IGrantable, *actions: str) -> Grant:
        """Allow actions on the association.

        Args:
            grantee: Who is allowed to, such as a role.
            *actions: IAM actions that can be limited to an ID namespace association, such as
                `cleanrooms:GetIdNamespaceAssociation`; at least one, and no wildcard.

        Returns:
            The grant.

        Raises:
            ValidationError: If no action is given, or what is given is not one action.
        """
        refuse(self._resource, None, _problems(actions))
        grant = Grant.add_to_principal(
            grantee=grantee,
            actions=list(actions),
            resource_arns=[references.id_namespace_association_arn(self._resource)],
        )
        on_membership = [action for action in actions if action in _ACTIONS_ON_THE_MEMBERSHIP_TOO]
        if not on_membership:
            return grant
        return grant.combine(
            Grant.add_to_principal(
                grantee=grantee,
                actions=on_membership,
                resource_arns=[references.membership_arn_of(self._resource)],
            )
        )


def _problems(actions: tuple[object, ...]) -> Iterator[Problem]:
    if not actions:
        yield Problem("actions", actions, "no action was given; write at least one")
    for action in actions:
        if not (isinstance(action, str) and _ACTION.fullmatch(action)):
            message = f"{action!r} is not an action; write one such as 'cleanrooms:TagResource'"
            yield Problem("actions", action, message)
