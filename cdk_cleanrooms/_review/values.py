"""Values of properties: known ones, and those that are decided only at deployment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Self

_DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:[^{}]+\}\}")


class _Marker:
    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


ABSENT: Final = _Marker("absent")
"""The value of `AWS::NoValue`, and of a property that is not there."""

UNKNOWN: Final = _Marker("unknown")
"""The default of a value that has none."""


class Symbolic(str):
    """Text for a value that is known only at deployment. Equal text means the same value.

    Attributes:
        deciders: What decides the value: parameters of the template, and dynamic references. It is
            empty if the value follows from the resources of the templates.
        default: The value that the defaults of the parameters give, or `UNKNOWN`.
    """

    deciders: tuple[str, ...]
    default: Any

    def __new__(cls, text: str, deciders: Iterable[str] = (), default: Any = UNKNOWN) -> Self:
        made = super().__new__(cls, text)
        made.deciders = tuple(sorted({*deciders}))
        made.default = default if made.deciders else str(text)
        return made


def literal(text: str) -> str:
    """Return text of a template as a value. Dynamic references in it are decided at deployment."""
    found = _DYNAMIC_REFERENCE.findall(text) if "{{resolve:" in text else ()
    return Symbolic(text, found) if found else text


def is_open(value: Any) -> bool:
    """Return whether a value is decided by a parameter or a dynamic reference."""
    return isinstance(value, Symbolic) and bool(value.deciders)


def deciders(value: Any) -> Iterator[str]:
    """Yield what decides a value, or parts of it."""
    match value:
        case Symbolic():
            yield from value.deciders
        case dict():
            for item in value.values():
                yield from deciders(item)
        case list():
            for item in value:
                yield from deciders(item)


def by_default(value: Any) -> Any:
    """Return a value with the defaults of parameters, or `UNKNOWN`."""
    match value:
        case Symbolic():
            return value.default
        case dict():
            items = {key: by_default(item) for key, item in value.items()}
            if UNKNOWN in items.values():
                return UNKNOWN
            return {key: item for key, item in items.items() if item is not ABSENT}
        case list():
            parts = [by_default(item) for item in value]
            return UNKNOWN if UNKNOWN in parts else [it for it in parts if it is not ABSENT]
    return value


def scalar(value: Any) -> str:
    """Return a value as text, in the form in which CloudFormation compares it."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case str():
            return str(value)
        case dict() | list():
            return json.dumps(plain(value), sort_keys=True, ensure_ascii=False)
    return str(value)


def plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    match value:
        case Symbolic():
            return str(value)
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    return None if value is ABSENT else value


def same(old: Any, new: Any) -> bool:
    """Return whether two values are certainly the same. Only objects ignore the order."""
    match old, new:
        case dict(), dict():
            return old.keys() == new.keys() and all(same(old[key], new[key]) for key in old)
        case list(), list():
            return len(old) == len(new) and all(map(same, old, new))
        case (dict() | list(), _) | (_, dict() | list()):
            return False
    if old is ABSENT or new is ABSENT:
        return old is new
    if is_open(old) or is_open(new):
        return (
            is_open(old)
            and is_open(new)
            and str(old) == str(new)
            and _same_default(old.default, new.default)
        )
    return scalar(old) == scalar(new)


def _same_default(old: Any, new: Any) -> bool:
    return old is new if UNKNOWN in (old, new) else same(old, new)


def as_list(value: Any) -> list[Any]:
    """Return a list. A single value is a list of one, as in CloudFormation."""
    if value is ABSENT or value is None:
        return []
    return value if isinstance(value, list) else [value]


def get(value: Any, path: str) -> Any:
    """Return a part of a value.

    Args:
        value: An object.
        path: The names of its members, separated by dots. A list of one object is like the object.

    Returns:
        The part, or `ABSENT`.
    """
    for name in path.split("."):
        value = only(value)
        if not isinstance(value, Mapping):
            return ABSENT
        value = value.get(name, ABSENT)
    return value


def only(value: Any) -> Any:
    """Return the only item of a list of one, and other values as they are."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def texts(values: Any) -> Sequence[str]:
    """Return the items of a list as text, sorted and each once."""
    return sorted({scalar(item) for item in as_list(values)})
