"""The bases of resources inside a membership, which have its ID and ARN too."""

from __future__ import annotations

from aws_cdk.interfaces.aws_cleanrooms import IMembershipRef
from constructs import Construct

from .environment import facts_of_scope
from .references import Reference
from .resource import Resource

MEMBERSHIP = Reference("membership_ref", "membership_identifier", "attr_membership_identifier")
MEMBERSHIP_ARN = Reference("membership_ref", "membership_arn", "attr_arn")


def resolve_membership_arn(scope: Construct, membership: IMembershipRef | str) -> str:
    """Return the ARN of a membership.

    Args:
        scope: A scope in the account and Region of the membership, used if only the ID is given.
        membership: The membership as a construct, or its ID.

    Returns:
        The ARN.
    """
    if isinstance(membership, str):
        return facts_of_scope(scope).arn("cleanrooms", "membership", membership)
    return MEMBERSHIP_ARN.read(membership)


class InMembership(Resource):
    """A resource inside a membership."""

    @property
    def membership_arn(self) -> str:
        """The ARN of the membership that this resource belongs to."""
        return self._identity.membership.arn()

    @property
    def membership_identifier(self) -> str:
        """The ID of the membership that this resource belongs to, as it was given."""
        return self._identity.membership.identifier()


class InCollaboration(InMembership):
    """A created or looked-up resource inside a membership, with attributes of the collaboration."""

    @property
    def collaboration_arn(self) -> str:
        """The ARN of the collaboration that the membership belongs to."""
        return self._identity.collaboration.arn()

    @property
    def collaboration_identifier(self) -> str:
        """The ID of the collaboration that the membership belongs to, a UUID."""
        return self._identity.collaboration.identifier()
