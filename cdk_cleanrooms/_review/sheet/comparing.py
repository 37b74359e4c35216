"""The changes against another assembly."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import unified_diff
from typing import Any

from ..changes import Change, stops
from ..comparison import replaces_collaboration
from ..directions import SEEN, Direction
from ..document import Listing, Quoted, Section, Table, Text, listed, quoted
from .words import resource_words

_TITLES = {
    Direction.WIDENING: "More can be learned",
    Direction.OVERSIGHT: "Logs",
    Direction.UNCLEAR: "Cannot be said without a person",
    Direction.NARROWING: "Less can be learned",
    Direction.NEUTRAL: "Neither",
}
_CUT = 300


def changes_section(changes: Sequence[Change], unmatched: Sequence[str]) -> Section:
    """Return the section about the changes.

    Args:
        changes: The changes.
        unmatched: What was accepted, but is no change.

    Returns:
        The section.
    """
    section = Section(("What changes",))
    stopping = sum(map(stops, changes))
    accepted = sum(change.accepted is not None for change in changes)
    if not changes:
        section.say("Nothing that concerns the collaboration changes.")
    else:
        section.say(f"Changes: {len(changes)}, to be decided: {stopping}, accepted: {accepted}.")
    for identity in sorted({it.identity for it in changes if replaces_collaboration(it)}):
        section.say(
            "CloudFormation creates the ",
            *resource_words(identity),
            " anew. What follows holds for the new one: the members have to join it again, and all"
            " budgets in it begin again.",
        )
    for direction, title in _TITLES.items():
        own = [change for change in changes if change.effect.direction is direction]
        if own:
            section.sections.append(_part(title, own))
    if unmatched:
        section.say("Accepted, but no change: ", *listed(unmatched), ".")
    return section


def _part(title: str, changes: Sequence[Change]) -> Section:
    section = Section((title,))
    section.blocks.append(
        Table(
            ("What", "Property", "Before", "After", "Note"),
            [
                [
                    (*resource_words(change.identity), *_where(change)),
                    quoted(change.property),
                    _value(change.old),
                    _value(change.new),
                    _remark(change),
                ]
                for change in changes
            ],
        )
    )
    for change in changes:
        difference = _difference(change)
        if difference:
            section.blocks.append(
                Listing(
                    (
                        "What changes in ",
                        *resource_words(change.identity),
                        ": ",
                        *quoted(change.property),
                    ),
                    difference,
                )
            )
    return section


def _where(change: Change) -> Text:
    if change.collaboration is None:
        return ()
    return (" in ", Quoted(change.collaboration))


def _remark(change: Change) -> Text:
    parts: list[Text] = [(change.note,)] if change.note else []
    if change.deciders:
        parts.append(("Decided at deployment: ", *listed(change.deciders), "."))
    if change.effect.direction is Direction.OVERSIGHT:
        parts.append(("Turned on." if change.effect == SEEN else "Turned off.",))
    if change.accepted:
        date = (" on ", Quoted(change.accepted.date)) if change.accepted.date else ()
        parts.append(("Accepted", *date, ": ", Quoted(change.accepted.reason), "."))
    words: list[str] = []
    for part in parts:
        words += [" ", *part] if words else part
    return tuple(words)


def _value(value: Any) -> Text:
    if value is None:
        return ("(nothing)",)
    shown = _text(value)
    if len(shown) > _CUT:
        return (Quoted(shown[:_CUT]), "…")
    return (Quoted(shown),) if shown else ("(empty)",)


def _text(value: Any, indent: int | None = None) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent)


def _difference(change: Change) -> str:
    """Return the difference of two long values, or an empty text."""
    values = (change.old, change.new)
    if None in values and not change.effect.is_gated:
        return ""
    shortest = 80 if all(isinstance(it, str) for it in values) else _CUT
    if max(len(_text(it)) for it in values) <= shortest:
        return ""
    # Each item has a line of its own, so that what follows the cut is seen.
    old, new = ([] if it is None else _text(it, indent=1).splitlines() for it in values)
    return "\n".join(unified_diff(old, new, "before", "after", lineterm=""))
