"""Arguments of constructs, as the command prints them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from keyword import iskeyword
from pathlib import Path
from typing import Any, NamedTuple

from .._core.types import ResourceType

KNOWN_MEMBERS = Path(__file__).with_name("known_members.json")
"""The members of the description of each type that this version knows."""


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


class Undeclarable(Undeclared):
    """A member that no code can declare, so that a person has to change the resource first.

    Args:
        members: The member.
        reason: Why no code can declare it, and what to change, in sentences.
    """

    def __init__(self, members: Mapping[str, Any], reason: str) -> None:
        super().__init__(members)
        self.reason = reason


class Location(NamedTuple):
    """The parts of a URL of S3."""

    bucket: str | None
    prefix: str | None
    trailing_slash: bool | None
    """False if the URL does not end with a slash. Otherwise None, which is the default."""


def location(url: str) -> Location:
    """Return the parts of a URL of S3, or of an empty text."""
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    slash = None if not url or url.endswith("/") else False
    return Location(bucket or None, prefix.rstrip("/") or None, slash)


class Unknown(dict[str, Any]):
    """A member that is newer than this version, so that no argument can have its value."""

    def __init__(self, value: object) -> None:
        super().__init__(value=json.loads(json.dumps(value, default=str)))


def unknown_members(
    type: ResourceType, members: Mapping[str, Any]
) -> Iterator[tuple[str, Unknown]]:
    """Yield each member that this version does not know, with its path.

    Args:
        type: The type of the resource.
        members: The service's description of the resource, with what the command has added.
    """
    added = {"ResponseMetadata", "analysisRules", "tags", *type.further_details}
    described = {name: value for name, value in members.items() if name not in added}
    return _unknown(_known_members()[type.name], described)


def _unknown(known: Mapping[str, Any], value: Any, path: str = "") -> Iterator[tuple[str, Unknown]]:
    if isinstance(value, list):
        for item in value:
            yield from _unknown(known, item, path)
    elif isinstance(value, Mapping) and known:
        for name, item in value.items():
            place = f"{path}.{name}".lstrip(".")
            if name in known:
                yield from _unknown(known[name], item, place)
            else:
                yield place, Unknown(item)


@cache
def _known_members() -> Mapping[str, Any]:
    known: Mapping[str, Any] = json.loads(KNOWN_MEMBERS.read_text("utf-8"))
    return known
