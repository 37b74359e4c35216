"""Facts that a construct of this library declares, for checks by others that do not import it."""

from __future__ import annotations

from typing import TypeVar

from constructs import Construct

_KEY = "_cdk_cleanrooms_declaration"
_Facts = TypeVar("_Facts")


def publish(construct: Construct, facts: object) -> None:
    """Keep facts about a construct.

    Args:
        construct: The construct.
        facts: The facts, an object of a class that those who read them import too.
    """
    vars(construct)[_KEY] = facts


def facts_about(value: object, kind: type[_Facts]) -> _Facts | None:
    """Return the facts that a construct has declared.

    Args:
        value: The construct, or any other value.
        kind: The class of the facts.

    Returns:
        The facts, or None if the value has not declared facts of this kind.
    """
    facts = getattr(value, _KEY, None)
    return facts if isinstance(facts, kind) else None
