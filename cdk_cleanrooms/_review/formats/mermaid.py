"""Write a flowchart in the language of Mermaid, within what GitHub and GitLab draw."""

from __future__ import annotations

from ..document import Picture
from .untrusted import visible

_NODES = 40
# GitLab draws 2,000 characters of a page without a click.
_CHARACTERS = 1800
_LABEL = 40
_SAFE = frozenset(" ,.-_/…")
_SHAPES = {
    "member": ('(["', '"])'),
    "table": ('[("', '")]'),
    "ids": ('[("', '")]'),
    "room": ('{{"', '"}}'),
    "place": ('[/"', '"/]'),
}


def flowchart(picture: Picture) -> str | None:
    """Return the flowchart, or None if it is larger than what is drawn.

    Args:
        picture: The picture.

    Returns:
        The text of the flowchart.
    """
    if len(picture.nodes) > _NODES:
        return None
    lines = ["flowchart LR"]
    for index, (label, kind) in enumerate(picture.nodes):
        left, right = _SHAPES[kind]
        lines.append(f"  n{index}{left}{_label(label)}{right}")
    lines += [
        f'  n{source} -->|"{_label(label)}"| n{target}' for source, target, label in picture.edges
    ]
    text = "\n".join(lines)
    return text if len(text) <= _CHARACTERS else None


def _label(text: str) -> str:
    shown = visible(text)
    cut = shown if len(shown) <= _LABEL else f"{shown[: _LABEL - 1]}…"
    return (
        "".join(each if each.isalnum() or each in _SAFE else f"#{ord(each)};" for each in cut)
        or "-"
    )
