"""Write the sheet as JSON, for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..changes import Change
from ..document import Block, Listing, Section, Sentence, Table, Text


def data(
    title: str, sections: Sequence[Section], changes: Sequence[Change], unmatched: Sequence[Any]
) -> str:
    """Return the sheet.

    Args:
        title: The heading.
        sections: The sections.
        changes: The changes.
        unmatched: The entries of accepted changes that match no change.

    Returns:
        The text, which ends with a line break.
    """
    content = {
        "title": title,
        "changes": [_change(it) for it in changes],
        "accepted_without_a_change": [*unmatched],
        "sections": [_section(it) for it in sections],
    }
    return json.dumps(content, indent=2) + "\n"


def _change(change: Change) -> dict[str, Any]:
    accepted = change.accepted
    return {
        "identity": change.identity,
        "property": change.property,
        "old": change.old,
        "new": change.new,
        "direction": change.effect.direction.value,
        "gated": change.effect.is_gated,
        "collaboration": change.collaboration,
        "note": change.note,
        "decided_by": [*change.deciders],
        "accepted": accepted and {"reason": accepted.reason, "date": accepted.date},
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": _words(section.title),
        "content": [_block(it) for it in section.blocks],
        "sections": [_section(it) for it in section.sections],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Sentence():
            return {"sentence": _words(block.words), "sources": [*block.sources]}
        case Table():
            return {
                "header": [*block.header],
                "rows": [[_words(cell) for cell in row] for row in block.rows],
                "sources": [*block.sources],
            }
        case Listing():
            return {
                "title": _words(block.title),
                "text": block.content,
                "sources": [*block.sources],
            }
        case _:
            return {
                "nodes": [{"label": label, "kind": kind} for label, kind in block.nodes],
                "edges": [
                    {"from": source, "to": target, "label": label}
                    for source, target, label in block.edges
                ],
            }


def _words(words: Text) -> str:
    return "".join(words)
