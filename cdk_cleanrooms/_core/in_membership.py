"""The base of resources inside a membership, which have its ID and ARN in addition to their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, ClassVar, Protocol

from aws_cdk import Fn
from aws_cdk.interfaces.aws_cleanrooms import IMembershipRef
from constructs import Construct

from . import checks
from .adoption import Adoption
from .construct_checks import construct_arguments, scope_of_lookup
from .environment import environment_of, facts_of_scope
from .grants import ResourceGrants, Target
from .lookup import dummy_collaboration, look_up
from .references import Reference
from .resource import ArnParts, Identity, Resource, Text, environment_from, known
from .resource_type import ResourceType, identifier_property, list_operation
from .unique import claim_name
from .validation import Rule

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


class MembershipIdentity(Identity):
    """The ARNs and the IDs of a resource and of the membership that it belongs to.

    Args:
        arn: The ARN of the resource.
        identifier: The ID of the resource.
        membership_arn: The ARN of the membership.
        membership_identifier: The ID of the membership.
        collaboration: The ARN and the ID of the collaboration of the membership, if they are known.
        environment_from_arn: An ARN with the account and Region of the resource, if they are not
            those of the stack.
    """

    collaboration: Identity

    def __init__(
        self,
        *,
        arn: Text,
        identifier: Text,
        membership_arn: Text,
        membership_identifier: Text,
        collaboration: Identity | None = None,
        environment_from_arn: str | None = None,
    ) -> None:
        super().__init__(arn=arn, identifier=identifier, environment_from_arn=environment_from_arn)
        self.membership_arn: Text = cache(membership_arn)
        self.membership_identifier: Text = cache(membership_identifier)
        if collaboration is not None:
            self.collaboration = collaboration

    @staticmethod
    def from_arn(arn: str) -> MembershipIdentity:
        """Return the identity of a resource from its ARN."""
        parts = ArnParts(arn)
        return MembershipIdentity(
            arn=known(arn),
            identifier=lambda: parts[3],
            membership_arn=lambda: parts.first(2),
            membership_identifier=lambda: parts[1],
            environment_from_arn=environment_from(arn),
        )

    @staticmethod
    def from_l1(l1: L1, identifier: Text, membership_identifier: str) -> MembershipIdentity:
        """Return the identity of a resource that is created.

        Args:
            l1: The L1 of the resource.
            identifier: The ID of the resource.
            membership_identifier: The ID of the membership, as it was given.

        Returns:
            The identity.
        """
        return MembershipIdentity(
            arn=lambda: l1.attr_arn,
            identifier=identifier,
            membership_arn=lambda: l1.attr_membership_arn,
            membership_identifier=known(membership_identifier),
            collaboration=Identity(
                arn=lambda: l1.attr_collaboration_arn,
                identifier=lambda: l1.attr_collaboration_identifier,
            ),
        )


class L1(Protocol):
    """The attributes that the L1s of resources inside a membership have in common."""

    @property
    def attr_arn(self) -> str:
        """The ARN of the resource."""

    @property
    def attr_membership_arn(self) -> str:
        """The ARN of the membership."""

    @property
    def attr_collaboration_arn(self) -> str:
        """The ARN of the collaboration."""

    @property
    def attr_collaboration_identifier(self) -> str:
        """The ID of the collaboration."""


class MembershipResource(Resource):
    """A resource inside a membership."""

    _identity: MembershipIdentity

    @property
    def membership_arn(self) -> str:
        """The ARN of the membership that this resource belongs to."""
        return self._identity.membership_arn()

    @property
    def membership_identifier(self) -> str:
        """The ID of the membership that this resource belongs to, as it was given."""
        return self._identity.membership_identifier()


class InCollaboration(MembershipResource):
    """A created or looked-up resource inside a membership."""

    name: str

    @property
    def collaboration_arn(self) -> str:
        """The ARN of the collaboration that the membership belongs to."""
        return self._identity.collaboration.arn()

    @property
    def collaboration_identifier(self) -> str:
        """The ID of the collaboration that the membership belongs to, a UUID."""
        return self._identity.collaboration.identifier()


@dataclass(frozen=True)
class MembershipResourceType(ResourceType):
    """A type of resource inside a membership."""

    @cached_property
    def identifier(self) -> str:
        """The argument with its ID, such as `id_mapping_table_identifier`."""
        return f"{self.argument}_identifier"

    @cached_property
    def identifier_rule(self) -> Rule:
        """The rule for its ID."""
        command = f"{list_operation(self)} --membership-identifier <membership ID>"
        return checks.identifier(self.noun, self.path, f"aws cleanrooms {command}")

    @cached_property
    def arn_rule(self) -> Rule:
        """The rule for its ARN."""
        pattern = f"membership/{checks.IDENTIFIER.pattern}/{self.path}/{checks.IDENTIFIER.pattern}"
        form = f"membership/<membership ID>/{self.path}/<ID>"
        return checks.arn(self.noun, self.service, re.compile(pattern), form)

    def primary_identifier(self, identifier: str, membership_identifier: str) -> dict[str, str]:
        """Return the primary identifier, with the names and order of parts in CloudFormation."""
        return {
            identifier_property(self): identifier,
            "MembershipIdentifier": membership_identifier,
        }

    def adoption(self, scope: Construct, adopt: str | bool | None) -> Adoption:
        """Return the adoption that a construct of this type asks for."""
        return Adoption(scope, adopt, self._adoption_rule)

    @cached_property
    def _adoption_rule(self) -> Rule:
        kind = self.argument.replace("_", "-")
        return checks.identifier(
            self.noun,
            self.path,
            f"cdk-cleanrooms discover --membership <membership ID> --resource-type {kind}",
            alternative=(
                " (`cdk-cleanrooms discover --membership <membership ID>` shows it), or True to"
                " find it by its name"
            ),
        )

    def claim_name(
        self, construct: Construct, scope: Construct, membership_identifier: str, name: str
    ) -> None:
        """Make synthesis fail if another construct of the app has the same name in AWS."""
        claim_name(
            construct, scope, self.name, membership_identifier, name, within="the same membership"
        )

    def existing(
        self, scope: Construct, id: str, membership: IMembershipRef | str, identifier: str
    ) -> tuple[str, MembershipIdentity]:
        """Check the arguments of an import by ID.

        Returns:
            The construct's ID, and the identity of the resource.

        Raises:
            ValidationError: If an argument is not well-formed.
        """
        return self._existing(
            scope, id, membership, MEMBERSHIP.read(membership), "membership", identifier, _as_it_is
        )

    def existing_arn(self, scope: Construct, id: str, arn: str) -> tuple[str, MembershipIdentity]:
        """Check the arguments of an import by ARN.

        Returns:
            The construct's ID, and the identity of the resource.

        Raises:
            ValidationError: If an argument is not well-formed.
        """
        id, arn = self._existing_arn(scope, id, arn)
        return id, MembershipIdentity.from_arn(arn)

    def look_up(
        self,
        scope: Construct,
        id: str,
        membership_identifier: str,
        identifier: str,
        dummy: Mapping[str, Any],
    ) -> tuple[str, MembershipIdentity, Mapping[str, Any]]:
        """Check the arguments of a look-up, and read the resource and its collaboration.

        Args:
            scope: The scope of the import.
            id: The construct's ID in its scope.
            membership_identifier: The membership's ID, literal text.
            identifier: The resource's ID, literal text.
            dummy: The other properties to read, with values to use until the CDK CLI has read
                them.

        Returns:
            The construct's ID, the identity of the resource, and its properties.

        Raises:
            ValidationError: If an argument is not well-formed, or the environment is not known.
        """
        id, identity = self._existing(
            scope,
            id,
            membership_identifier,
            membership_identifier,
            "membership_identifier",
            identifier,
            checks.literal,
        )
        found = look_up(
            scope,
            self.name,
            self.primary_identifier(identity.identifier(), identity.membership_identifier()),
            {**dummy, **dummy_collaboration(environment_of(scope))},
        )
        identity.collaboration = Identity(
            arn=known(found["CollaborationArn"]),
            identifier=known(found["CollaborationIdentifier"]),
        )
        return id, identity, found

    def _existing(
        self,
        scope: Construct,
        id: str,
        membership: IMembershipRef | str,
        membership_identifier: str,
        property: str,
        identifier: str,
        literal: Callable[[Rule], Rule],
    ) -> tuple[str, MembershipIdentity]:
        arguments = construct_arguments(scope, id)
        if literal is checks.literal:
            arguments.check("scope", scope, scope_of_lookup)
        membership_identifier = arguments.check(
            property, membership_identifier, literal(checks.membership)
        )
        identifier = arguments.check(self.identifier, identifier, literal(self.identifier_rule))
        arguments.refuse()
        parent = membership_identifier if isinstance(membership, str) else membership
        parent_arn = cache(lambda: resolve_membership_arn(scope, parent))
        return arguments.construct_id, MembershipIdentity(
            arn=lambda: f"{parent_arn()}/{self.path}/{identifier}",
            identifier=known(identifier),
            membership_arn=parent_arn,
            membership_identifier=known(membership_identifier),
        )


def _as_it_is(rule: Rule) -> Rule:
    return rule


class MembershipResourceGrants(ResourceGrants):
    """Grants of permissions on one resource inside a membership."""

    _actions_on_the_membership_too: ClassVar[Container[str]]
    """The actions for which AWS lists the membership as a required resource too."""

    def _targets(self) -> tuple[Target, ...]:
        arn = cache(lambda: self._arn.read(self._resource))
        return (
            (lambda _: True, arn),
            (
                self._actions_on_the_membership_too.__contains__,
                lambda: _containing_membership_arn(self._resource, arn, self._arn.property),
            ),
        )


def _containing_membership_arn(resource: object, arn: Text, property: str) -> str:
    for name in ("membership_arn", "attr_membership_arn"):
        if hasattr(type(resource), name):
            return str(getattr(resource, name))
    # The ARN of the resource begins with the ARN of the membership.
    separator = f"/{property.removesuffix('_ref').replace('_', '')}/"
    before, found, _ = arn().partition(separator)
    return before if found else Fn.select(0, Fn.split(separator, arn()))
