"""A change between two assemblies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .directions import Effect
from .resources import called
from .values import ABSENT, Symbolic

WHOLE = "(the resource)"
"""The property of a change that creates or removes a resource."""


@dataclass(frozen=True)
class Accepted:
    """Why a change is accepted.

    Attributes:
        reason: The reason.
        date: The date, or None.
    """

    reason: str
    date: str | None


@dataclass
class Change:
    """A change.

    Attributes:
        identity: What identifies the resource.
        property: The path of the property.
        old: The old value, or None if it was absent.
        new: The new value, or None if it is absent.
        effect: Where it leads, and whether the gate stops it.
        note: What a reader has to know about the change, or an empty text.
        deciders: What decides the old or the new value at deployment.
        collaboration: The collaboration that it concerns, if a table is in several; else None.
        accepted: Why it is accepted, or None.
    """

    identity: str
    property: str
    old: Any
    new: Any
    effect: Effect
    note: str = ""
    deciders: Sequence[str] = ()
    collaboration: str | None = None
    accepted: Accepted | None = None


def stops(change: Change) -> bool:
    """Return whether the gate stops a change."""
    return change.effect.is_gated and change.accepted is None


def shown(value: Any) -> Any:
    """Return a value as JSON has it, with names of resources in place of references to them."""
    match value:
        case Symbolic():
            return called(value)
        case dict():
            return {str(key): shown(item) for key, item in value.items()}
        case list() | tuple():
            return [shown(item) for item in value]
    return None if value is ABSENT else value
