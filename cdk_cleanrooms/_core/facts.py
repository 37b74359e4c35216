"""What the library knows about a construct, in one record on the construct itself.

The record has one entry for each class of facts, so that facts of one kind never replace those of
another. A module that reads facts imports their class, and not the class of the construct.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

_KEY = "_cdk_cleanrooms"
_Facts = TypeVar("_Facts")


def publish(construct: object, facts: object) -> None:
    """Keep facts about a construct.

    Args:
        construct: The construct.
        facts: The facts. Earlier facts of the same class are replaced.
    """
    _record_of(construct)[type(facts)] = facts


def facts_about(value: object, kind: type[_Facts]) -> _Facts | None:
    """Return the facts that are kept about a construct.

    Args:
        value: The construct, or any other value.
        kind: The class of the facts.

    Returns:
        The facts, or None if there are no facts of this kind about the value.
    """
    record: dict[type, Any] = getattr(value, "__dict__", {}).get(_KEY, {})
    return cast("_Facts | None", record.get(kind))


def remember(construct: object, kind: type[_Facts], find_out: Callable[[], _Facts]) -> _Facts:
    """Return the facts about a construct, and find them out if they are not kept yet.

    Args:
        construct: The construct.
        kind: The class of the facts.
        find_out: A function that returns the facts.
    """
    record = _record_of(construct)
    if kind not in record:
        record[kind] = find_out()
    return cast(_Facts, record[kind])


def _record_of(construct: object) -> dict[type, Any]:
    # An object of a class from outside the CDK can have `__slots__`, and then keeps nothing.
    memory: dict[str, Any] = getattr(construct, "__dict__", {})
    record: dict[type, Any] = memory.setdefault(_KEY, {})
    return record


class MappedNamespaces(NamedTuple):
    """The ID namespaces of an ID mapping workflow of this app, as they were given."""

    source: object
    target: object


class AssociatedNamespace(NamedTuple):
    """The ID namespace of an association of this app, as it was given."""

    id_namespace: object
