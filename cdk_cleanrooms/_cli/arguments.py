"""Arguments of constructs, as the command prints them."""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword
from typing import Any


def member(members: Mapping[str, Any], path: str) -> Any:
    """Return the member at a path, or None if it does not exist."""
    found: Any = members
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


class Call(dict[str, Any]):
    """An argument that is an object of this library.

    Args:
        name: The name of the class.
        arguments: The arguments of the object. Those that are None are left out.

    Raises:
        ValueError: If a name from an answer of AWS cannot be the name of an argument.
    """

    def __init__(self, name: str, **arguments: object) -> None:
        for argument in arguments:
            if not argument.isidentifier() or iskeyword(argument):
                raise ValueError(f"{argument!r} is no argument")
        super().__init__({key: value for key, value in arguments.items() if value is not None})
        self.name = name


class Undeclared(dict[str, Any]):
    """A member for which the command cannot write an argument.

    Code without this argument would declare something else, so a person has to complete it.
    """
