"""What the resources inside a membership have in common: its ID and ARN, and their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

from aws_cdk import Fn
from aws_cdk.interfaces.aws_cleanrooms import IMembershipRef
from constructs import Construct

from . import rules
from .construct_rules import construct_arguments, scope_of_lookup
from .environment import facts_of_scope
from .references import Reference
from .resource import ArnParts, Identity, Resource, Text, known
from .validation import Rule

MEMBERSHIP = Reference("membership_ref", "membership_identifier", "attr_membership_identifier")
_MEMBERSHIP_ARN = Reference("membership_ref", "membership_arn", "attr_arn")


def resolve_membership_arn(scope: Construct, membership: IMembershipRef | str) -> str:
    """Return the ARN of a membership.

    Args:
        scope: The scope whose account and Region the membership is in if only its ID is given.
        membership: The membership as a construct, or its ID.

    Returns:
        The ARN.
    """
    if isinstance(membership, str):
        return facts_of_scope(scope).arn("cleanrooms", "membership", membership)
    return _MEMBERSHIP_ARN.read(membership)


class MembershipIdentity(Identity):
    """The ARN and the ID of a resource, and those of the membership that it belongs to.

    Args:
        arn: The ARN of the resource.
        identifier: The ID of the resource.
        membership_arn: The ARN of the membership.
        membership_identifier: The ID of the membership.
    """

    def __init__(
        self, *, arn: Text, identifier: Text, membership_arn: Text, membership_identifier: Text
    ) -> None:
        super().__init__(arn=arn, identifier=identifier)
        self.membership_arn: Text = cache(membership_arn)
        self.membership_identifier: Text = cache(membership_identifier)

    @staticmethod
    def from_arn(arn: str) -> MembershipIdentity:
        """Return the identity of a resource from its ARN."""
        parts = ArnParts(arn)
        return MembershipIdentity(
            arn=known(arn),
            identifier=lambda: parts[3],
            membership_arn=lambda: parts.first(2),
            membership_identifier=lambda: parts[1],
        )


class MembershipResource(Resource):
    """A resource inside a membership.

    Args:
        scope: The scope of the construct.
        id: The construct's ID in its scope.
        identity: The identity of an existing resource; a resource that is created gets it later.
        environment_from_arn: An ARN with the account and Region of the resource, if they are not
            those of the stack.
    """

    _identity: MembershipIdentity

    def __init__(
        self,
        scope: Construct,
        id: str,
        identity: MembershipIdentity | None = None,
        *,
        environment_from_arn: str | None = None,
    ) -> None:
        super().__init__(scope, id, environment_from_arn=environment_from_arn)
        if identity:
            self._identity = identity

    @property
    def membership_arn(self) -> str:
        """The ARN of the membership that this resource belongs to."""
        return self._identity.membership_arn()

    @property
    def membership_identifier(self) -> str:
        """The ID of the membership that this resource belongs to, as it was given."""
        return self._identity.membership_identifier()


@dataclass(frozen=True)
class MembershipResourceType:
    """The constants of a type of resource inside a membership."""

    name: str
    """The name of the type in CloudFormation."""
    noun: str
    """The resource with its article, such as `an ID mapping table`."""
    identifier: str
    """The argument with its ID, such as `id_mapping_table_identifier`."""
    path: str
    """The resource type in an ARN, such as `idmappingtable`."""
    list_command: str
    """The operation of the AWS CLI that lists such resources."""

    @cached_property
    def identifier_rule(self) -> Rule:
        """The rule for its ID."""
        command = f"aws cleanrooms {self.list_command} --membership-identifier <membership ID>"
        return rules.identifier(self.noun, self.path, command)

    @cached_property
    def adoption_rule(self) -> Rule:
        """The rule for the ID of one that is adopted."""
        kind = self.identifier.removesuffix("_identifier").replace("_", "-")
        return rules.identifier(
            self.noun,
            self.path,
            f"cdk-cleanrooms discover --membership <membership ID> --resource-type {kind}",
            alternative=(
                " (`cdk-cleanrooms discover --membership <membership ID>` shows it), or True to"
                " find it by its name"
            ),
        )

    @cached_property
    def arn_rule(self) -> Rule:
        """The rule for its ARN."""
        pattern = f"membership/{rules.IDENTIFIER.pattern}/{self.path}/{rules.IDENTIFIER.pattern}"
        form = f"membership/<membership ID>/{self.path}/<ID>"
        return rules.arn(self.noun, "cleanrooms", re.compile(pattern), form)

    def primary_identifier(self, identifier: str, membership_identifier: str) -> dict[str, str]:
        """Return the primary identifier, its parts named and in order as in CloudFormation."""
        name = "".join(word.title() for word in self.identifier.split("_"))
        return {name: identifier, "MembershipIdentifier": membership_identifier}

    def existing(
        self, scope: Construct, id: str, membership: IMembershipRef | str, identifier: str
    ) -> tuple[str, MembershipIdentity]:
        """Check the arguments of an import by ID.

        Returns:
            The construct's ID, and the identity of what is imported.

        Raises:
            ValidationError: If an argument is not well-formed.
        """
        return self._existing(
            scope, id, membership, MEMBERSHIP.read(membership), "membership", identifier, _as_it_is
        )

    def existing_literal(
        self, scope: Construct, id: str, membership_identifier: str, identifier: str
    ) -> tuple[str, MembershipIdentity]:
        """Check the arguments of a look-up, which needs literal IDs and a known environment.

        Returns:
            The construct's ID, and the identity of what is looked up.

        Raises:
            ValidationError: If an argument is not well-formed.
        """
        return self._existing(
            scope,
            id,
            membership_identifier,
            membership_identifier,
            "membership_identifier",
            identifier,
            rules.literal,
        )

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
        if literal is rules.literal:
            arguments.check("scope", scope, scope_of_lookup)
        membership_identifier = arguments.check(
            property, membership_identifier, literal(rules.membership_identifier)
        )
        identifier = arguments.check(self.identifier, identifier, literal(self.identifier_rule))
        arguments.refuse()
        parent = membership_identifier if isinstance(membership, str) else membership
        parent_arn = cache(lambda: resolve_membership_arn(scope, parent))
        return str(arguments.id), MembershipIdentity(
            arn=lambda: f"{parent_arn()}/{self.path}/{identifier}",
            identifier=known(identifier),
            membership_arn=parent_arn,
            membership_identifier=known(membership_identifier),
        )

    def existing_arn(self, scope: Construct, id: str, property: str, arn: str) -> tuple[str, str]:
        """Check the arguments of an import by ARN.

        Returns:
            The construct's ID, and the ARN.

        Raises:
            ValidationError: If an argument is not well-formed.
        """
        arguments = construct_arguments(scope, id)
        arn = arguments.check(property, arn, rules.can_be_split(self.arn_rule))
        arguments.refuse()
        return str(arguments.id), arn


def _as_it_is(rule: Rule) -> Rule:
    return rule


def containing_membership_arn(resource: object, arn: Text, path: str) -> str:
    """Return the ARN of the membership that a resource belongs to.

    Args:
        resource: The resource.
        arn: The ARN of the resource, which begins with that of the membership.
        path: The resource type in that ARN.

    Returns:
        The ARN of the membership.
    """
    for name in ("membership_arn", "attr_membership_arn"):
        if hasattr(type(resource), name):
            return str(getattr(resource, name))
    separator = f"/{path}/"
    before, found, _ = arn().partition(separator)
    return before if found else Fn.select(0, Fn.split(separator, arn()))
