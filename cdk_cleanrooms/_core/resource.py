"""The base class of every resource, and the identity of a resource."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, ClassVar, TypeAlias, cast

from aws_cdk import CfnElement, Fn, Resource as CdkResource
from constructs import Construct

from . import checks
from .environment import Environment, environment_of, keep_stack
from .facts import remember
from .types import ResourceType

LazyText: TypeAlias = Callable[[], str]
"""A function that asks the CDK for a text on first use."""


def constantly(text: str) -> LazyText:
    """Wrap a known text as such a function."""
    return lambda: text


class Identity:
    """The ARN and the identifier of a resource.

    Args:
        arn: The ARN of the resource.
        identifier: The ID or the name of the resource.
        membership: The identity of the membership, if the resource belongs to one.
        collaboration: The identity of the collaboration of that membership, if it is known.
        environment_from_arn: An ARN with the account and Region of the resource, if they are not
            those of the stack.
    """

    membership: Identity
    collaboration: Identity

    def __init__(
        self,
        *,
        arn: LazyText,
        identifier: LazyText,
        membership: Identity | None = None,
        collaboration: Identity | None = None,
        environment_from_arn: str | None = None,
    ) -> None:
        self.arn: LazyText = cache(arn)
        self.identifier: LazyText = cache(identifier)
        if membership is not None:
            self.membership = membership
        if collaboration is not None:
            self.collaboration = collaboration
        self.environment_from_arn = environment_from_arn

    @staticmethod
    def from_arn(type: ResourceType, arn: str) -> Identity:
        """Return the identity of a resource from its ARN, which ends with its identifier."""
        parts = ArnParts(arn)
        membership = Identity(arn=lambda: parts.first(2), identifier=lambda: parts[1])
        return Identity(
            arn=constantly(arn),
            identifier=lambda: parts[3 if type.is_in_membership else 1],
            membership=membership if type.is_in_membership else None,
            environment_from_arn=None if checks.is_placeholder(arn) else arn,
        )


# A slash, unless it is inside a dynamic reference.
_SLASH = re.compile(r"/(?![^{}]*\}\})")


class ArnParts:
    """The parts of an ARN between its slashes; the ARN can be a token.

    Args:
        arn: The ARN.
    """

    def __init__(self, arn: str) -> None:
        self._arn = arn

    def __getitem__(self, index: int) -> str:
        if checks.is_placeholder(self._arn):
            return self._arn
        return Fn.select(index, self._split) if self._is_token else self._split[index]

    def first(self, count: int) -> str:
        """Return the first parts, as they are joined in the ARN."""
        return "/".join(self[index] for index in range(count))

    @cached_property
    def _is_token(self) -> bool:
        return checks.is_token(self._arn)

    @cached_property
    def _split(self) -> list[str]:
        return Fn.split("/", self._arn) if self._is_token else _SLASH.split(self._arn)


class Resource(CdkResource):
    """A resource, created by this app or imported into it.

    A subclass has the signature of its constructor, which jsii would hide from `help()`.

    Args:
        scope: The scope of the construct.
        id: The construct's ID in its scope.
        identity: The identity of an existing resource; a resource that is created gets it later.
    """

    __signature__: ClassVar[inspect.Signature]
    _type: ClassVar[ResourceType]
    _identity: Identity

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        signature = inspect.signature(cls.__init__)
        parameters = [*signature.parameters.values()][1:]
        cls.__signature__ = signature.replace(
            parameters=parameters, return_annotation=inspect.Signature.empty
        )
        if "__init__" in vars(cls) and not cls.__init__.__doc__:
            cls.__init__.__doc__ = "Create the construct; see the arguments of the class."

    def __init__(self, scope: Construct, id: str, identity: Identity | None = None) -> None:
        if identity is None:
            super().__init__(scope, id)
        else:
            super().__init__(scope, id, environment_from_arn=identity.environment_from_arn)
            self._identity = identity
        keep_stack(self, scope)


_BASE = "aws-cdk-lib.Resource"


def environment_of_resource(resource: object) -> Environment:
    """Return the account and Region of a resource, each None if it is not known.

    Those of an import can differ from those of the stack in which it is declared.

    Args:
        resource: The resource, a construct.

    Returns:
        The account and Region. They can be tokens.
    """
    return remember(resource, Environment, lambda: _environment_of_resource(resource))


def certain_environment_of(resource: Construct) -> Environment:
    """Return the account and Region of a resource, each None if it is not certain.

    An import by a name is assumed to be where its stack is.

    Args:
        resource: The resource, a construct.

    Returns:
        The account and Region. They can be tokens.
    """
    found = environment_of_resource(resource)
    if _is_in_its_stack(resource):
        return found
    assumed = environment_of(resource)
    return Environment(
        None if found.account == assumed.account else found.account,
        None if found.region == assumed.region else found.region,
    )


def _environment_of_resource(resource: Any) -> Environment:
    if _is_in_its_stack(resource):
        return environment_of(cast(Construct, resource))
    # This is three requests.
    env = getattr(resource, "env", None)
    return Environment(env.account, env.region) if env else Environment(None, None)


def _is_in_its_stack(resource: Any) -> bool:
    if isinstance(resource, Resource):
        identity = getattr(resource, "_identity", None)
        return identity is None or identity.environment_from_arn is None
    if not isinstance(resource, Construct):
        return False
    # What the CDK imports is of a private class, and the base class can say where a resource is.
    kind: Any = type(resource)
    is_import = kind.__name__.startswith("_") or kind.__jsii_type__ == _BASE
    return isinstance(resource, CfnElement) or not is_import
