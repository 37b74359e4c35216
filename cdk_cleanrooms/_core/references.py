"""Arguments that accept either a construct or its identifier.

For constructs of the CDK and of this library, one attribute is read, and only once. Reading their
`…_ref` would cost up to three requests. A value that is neither a construct of the right kind nor
text is returned unchanged, so that a rule can report it.
"""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from constructs import Construct

from .environment import facts_of_scope
from .facts import remember
from .types import ResourceType, snake_case


class _Answers(dict[str, str]):
    """The attributes of a construct that were read."""


class Reference(NamedTuple):
    """How to read one part of the reference to a resource."""

    property: str
    """The property of a construct that is the reference, such as `membership_ref`."""
    part: str
    """The part of the reference, such as `membership_identifier`; also the attribute of this
    library's own constructs."""
    attribute: str
    """The attribute of the L1 with that part, such as `attr_membership_identifier`."""

    def read(self, value: object) -> str:
        """Return that part of a resource.

        Args:
            value: The resource as a construct, or the part itself as text.

        Returns:
            The part as text, or the value itself if it is neither.
        """
        return cast(str, self._read(value))

    def accepts(self, value: object) -> bool:
        """Return whether a value is a construct that has this reference."""
        # A class that was passed by mistake instead of an instance also has the property.
        if isinstance(value, (str, type)) or value is None:
            return False
        # Reading the property of a construct itself would cost a request.
        return hasattr(type(value), self.property) or (
            getattr(value, self.property, None) is not None
        )

    def _read(self, value: Any) -> Any:
        if not self.accepts(value):
            return value
        for name in (self.attribute, self.part):
            if hasattr(type(value), name):
                answers = remember(value, _Answers, _Answers)
                if name not in answers:
                    answers[name] = getattr(value, name)
                return answers[name]
        return getattr(getattr(value, self.property), self.part, value)


def arn_of(type: ResourceType) -> Reference:
    """Return how to read the ARN of a resource of a type."""
    return Reference(f"{type.key}_ref", f"{type.key}_arn", type.arn_attribute)


def read_arn(type: ResourceType, scope: Construct, value: Any) -> str:
    """Return the ARN of a resource that its name identifies.

    Args:
        type: The type of the resource.
        scope: The scope whose account and Region the resource is in if only its name is known.
        value: The resource as a construct, or its ARN.

    Returns:
        The ARN, or the value itself if it is neither.
    """
    reference = arn_of(type)
    arn: Any = reference.read(value)
    if arn is value and reference.accepts(value):
        # The CDK's reference to most of these types has only their name.
        ref = getattr(value, reference.property)
        name = getattr(ref, snake_case(type.identifier_property))
        return facts_of_scope(scope).arn(type.service, type.path, name)
    return cast(str, arn)
