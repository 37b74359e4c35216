"""The types of resources: their names, the rules for their identifiers, imports and look-ups."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from constructs import Construct

from . import checks
from .adoption import Adoption
from .construct_checks import construct_arguments, scope_of_lookup
from .environment import Environment, environment_of, facts_of_scope
from .lookup import look_up
from .resource import Identity, known
from .validation import Rule


@dataclass(frozen=True)
class ResourceType(ABC):
    """A type of resource. Its names in arguments and ARNs follow from its CloudFormation name."""

    name: str
    """The name of the type in CloudFormation."""
    noun: str
    """The resource with its article, such as `an ID namespace`."""

    @cached_property
    def service(self) -> str:
        """The service in an ARN, such as `cleanrooms`."""
        return self.name.split("::")[1].lower()

    @cached_property
    def argument(self) -> str:
        """The argument for such a resource, such as `id_namespace`."""
        return re.sub("(?<!^)(?=[A-Z])", "_", self.name.split("::")[2]).lower()

    @cached_property
    def path(self) -> str:
        """The resource type in an ARN, such as `idnamespace`."""
        return self.argument.replace("_", "")

    @property
    @abstractmethod
    def arn_rule(self) -> Rule:
        """The rule for its ARN."""

    def _existing_arn(self, scope: Construct, id: str, arn: str) -> tuple[str, str]:
        arguments = construct_arguments(scope, id)
        arn = arguments.check(f"{self.argument}_arn", arn, checks.can_be_split(self.arn_rule))
        arguments.refuse()
        return arguments.construct_id, arn


class StandaloneResourceType(ResourceType):
    """A type of resource that is not inside another resource."""

    @property
    @abstractmethod
    def identifier(self) -> str:
        """The argument with its ID or name, such as `collaboration_identifier`."""

    @property
    @abstractmethod
    def identifier_rule(self) -> Rule:
        """The rule for its ID or name."""

    @abstractmethod
    def primary_identifier(self, identifier: str) -> dict[str, str]:
        """Return the primary identifier, named as in CloudFormation."""

    def existing(self, scope: Construct, id: str, identifier: str) -> tuple[str, Identity]:
        """Check the arguments of an import by ID or name.

        Returns:
            The construct's ID, and the identity of the resource.

        Raises:
            ValidationError: If an argument is not well-formed.
        """
        return self._existing(scope, id, identifier, lambda rule: rule)

    def existing_arn(self, scope: Construct, id: str, arn: str) -> tuple[str, Identity]:
        """Check the arguments of an import by ARN.

        Returns:
            The construct's ID, and the identity of the resource.

        Raises:
            ValidationError: If an argument is not well-formed.
        """
        id, arn = self._existing_arn(scope, id, arn)
        return id, Identity.from_arn(arn)

    def look_up(
        self,
        scope: Construct,
        id: str,
        identifier: str,
        dummy: Callable[[Environment], Mapping[str, Any]],
    ) -> tuple[str, Identity, Mapping[str, Any]]:
        """Check the arguments of a look-up, and read the resource.

        Args:
            scope: The scope of the import.
            id: The construct's ID in its scope.
            identifier: The ID or name, literal text.
            dummy: A function that returns the properties to read, with values to use until the CDK
                CLI has read them.

        Returns:
            The construct's ID, the identity of the resource, and its properties.

        Raises:
            ValidationError: If an argument is not well-formed, or the environment is not known.
        """
        id, identity = self._existing(scope, id, identifier, checks.literal)
        primary_identifier = self.primary_identifier(identity.identifier())
        found = look_up(scope, self.name, primary_identifier, dummy(environment_of(scope)))
        return id, identity, found

    def _existing(
        self, scope: Construct, id: str, identifier: str, literal: Callable[[Rule], Rule]
    ) -> tuple[str, Identity]:
        arguments = construct_arguments(scope, id)
        if literal is checks.literal:
            arguments.check("scope", scope, scope_of_lookup)
        identifier = arguments.check(self.identifier, identifier, literal(self.identifier_rule))
        arguments.refuse()
        return arguments.construct_id, Identity(
            arn=lambda: facts_of_scope(scope).arn(self.service, self.path, identifier),
            identifier=known(identifier),
        )


@dataclass(frozen=True)
class CleanRoomsResourceType(StandaloneResourceType):
    """A type of Clean Rooms resource that is not inside another resource. Its ID is a UUID."""

    found_by: str
    """The property by which `adopt=True` finds a resource, such as `its name`."""

    @cached_property
    def identifier(self) -> str:
        """The argument with its ID, such as `collaboration_identifier`."""
        return f"{self.argument}_identifier"

    @cached_property
    def identifier_rule(self) -> Rule:
        """The rule for its ID."""
        return checks.identifier(self.noun, self.path, f"aws cleanrooms {list_operation(self)}")

    @cached_property
    def arn_rule(self) -> Rule:
        """The rule for its ARN."""
        pattern = re.compile(f"{self.path}/{checks.IDENTIFIER.pattern}")
        return checks.arn(self.noun, self.service, pattern, f"{self.path}/<ID>")

    def primary_identifier(self, identifier: str) -> dict[str, str]:
        """Return the primary identifier, named as in CloudFormation."""
        return {identifier_property(self): identifier}

    def adoption(self, scope: Construct, adopt: str | bool | None) -> Adoption:
        """Return the adoption that a construct of this type asks for."""
        return Adoption(scope, adopt, self._adoption_rule)

    @cached_property
    def _adoption_rule(self) -> Rule:
        command = f"cdk-cleanrooms discover --resource-type {self.argument.replace('_', '-')}"
        alternative = f" (`{command}` shows it), or True to find it by {self.found_by}"
        return checks.identifier(self.noun, self.path, command, alternative=alternative)


def identifier_property(type: ResourceType) -> str:
    """Return the property with the ID of a resource of Clean Rooms, as CloudFormation names it."""
    return f"{type.name.split('::')[2]}Identifier"


def list_operation(type: ResourceType) -> str:
    """Return the operation of the AWS CLI that lists resources of a type of Clean Rooms."""
    return f"list-{type.argument.replace('_', '-')}s"
