"""What the resources outside a membership have in common: an ID of their own, and an ARN."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from constructs import Construct

from . import rules
from .construct_rules import construct_arguments, scope_of_lookup
from .environment import facts_of_scope
from .resource import Identity, Resource, known
from .validation import Rule


class StandaloneResource(Resource):
    """A resource that is in no other resource.

    Args:
        scope: The scope of the construct.
        id: The construct's ID in its scope.
        identity: The identity of an existing resource; a resource that is created gets it later.
        environment_from_arn: An ARN with the account and Region of the resource, if they are not
            those of the stack.
    """

    _identity: Identity

    def __init__(
        self,
        scope: Construct,
        id: str,
        identity: Identity | None = None,
        *,
        environment_from_arn: str | None = None,
    ) -> None:
        super().__init__(scope, id, environment_from_arn=environment_from_arn)
        if identity:
            self._identity = identity


@dataclass(frozen=True)
class StandaloneResourceType:
    """The constants of a type of resource that is in no other resource."""

    name: str
    """The name of the type in CloudFormation."""
    noun: str
    """The resource with its article, such as `a collaboration`."""
    identifier: str
    """The argument with its ID, such as `collaboration_identifier`."""
    path: str
    """The resource type in an ARN, such as `collaboration`."""
    list_command: str
    """The operation of the AWS CLI that lists such resources."""
    found_by: str
    """What identifies one that is adopted without its ID, such as `its name`."""

    @cached_property
    def identifier_rule(self) -> Rule:
        """The rule for its ID."""
        return rules.identifier(self.noun, self.path, f"aws cleanrooms {self.list_command}")

    @cached_property
    def adoption_rule(self) -> Rule:
        """The rule for the ID of one that is adopted."""
        command = f"cdk-cleanrooms discover --resource-type {self.path}"
        alternative = f" (`{command}` shows it), or True to find it by {self.found_by}"
        return rules.identifier(self.noun, self.path, command, alternative=alternative)

    @cached_property
    def arn_rule(self) -> Rule:
        """The rule for its ARN."""
        pattern = re.compile(f"{self.path}/{rules.IDENTIFIER.pattern}")
        return rules.arn(self.noun, "cleanrooms", pattern, f"{self.path}/<ID>")

    def primary_identifier(self, identifier: str) -> dict[str, str]:
        """Return the primary identifier, named as in CloudFormation."""
        return {"".join(word.title() for word in self.identifier.split("_")): identifier}

    def existing(self, scope: Construct, id: str, identifier: str) -> tuple[str, Identity]:
        """Check the arguments of an import by ID.

        Returns:
            The construct's ID, and the identity of what is imported.

        Raises:
            ValidationError: If an argument is not well-formed.
        """
        return self._existing(scope, id, identifier, lambda rule: rule)

    def existing_literal(self, scope: Construct, id: str, identifier: str) -> tuple[str, Identity]:
        """Check the arguments of a look-up, which needs a literal ID and a known environment.

        Returns:
            The construct's ID, and the identity of what is looked up.

        Raises:
            ValidationError: If an argument is not well-formed.
        """
        return self._existing(scope, id, identifier, rules.literal)

    def _existing(
        self, scope: Construct, id: str, identifier: str, literal: Callable[[Rule], Rule]
    ) -> tuple[str, Identity]:
        arguments = construct_arguments(scope, id)
        if literal is rules.literal:
            arguments.check("scope", scope, scope_of_lookup)
        identifier = arguments.check(self.identifier, identifier, literal(self.identifier_rule))
        arguments.refuse()
        return str(arguments.id), Identity(
            arn=lambda: facts_of_scope(scope).arn("cleanrooms", self.path, identifier),
            identifier=known(identifier),
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
