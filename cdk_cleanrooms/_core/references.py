"""Arguments that accept either a construct or its identifier.

For constructs of the CDK and of this library, one attribute is read, and only once. Reading their
`…_ref` would cost up to three requests. A value that is neither a construct of the right kind nor
text is returned unchanged, so that a rule can report it.
"""

from __future__ import annotations

from typing import Any, NamedTuple, cast

_KEY = "_cdk_cleanrooms_references"


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
                # A class from outside the CDK can define `__slots__`.
                memory = getattr(value, "__dict__", {}).setdefault(_KEY, {})
                if name not in memory:
                    memory[name] = getattr(value, name)
                return memory[name]
        return getattr(getattr(value, self.property), self.part, value)
