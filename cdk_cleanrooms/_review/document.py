"""A document of sentences, tables and texts, which the formats write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .resources import called
from .values import ABSENT, Symbolic, deciders


class Quoted(str):
    """Text from a template, which nobody has checked."""


Text = tuple[str, ...]
"""The words of the sheet itself, and `Quoted` text between them."""


def text(*parts: Any) -> Text:
    """Return text. Each part that is not text of its own is a value of a template."""
    found: list[str] = []
    for part in parts:
        found += part if isinstance(part, tuple) else (part,)
    return tuple(found)


def quoted(value: Any) -> Text:
    """Return a value of a template as text, with what decides it at deployment."""
    if value is ABSENT or value is None or value == "":
        return ("(nothing)",)
    who = sorted({*deciders(value)})
    shown: Text = (Quoted(called(value)),)
    if isinstance(value, Symbolic) and who:
        return (*shown, " (decided at deployment: ", Quoted(", ".join(who)), ")")
    return shown


def listed(values: Iterable[Any], *, nothing: str = "nobody") -> Text:
    """Return values of a template as a list in one line."""
    parts: list[str] = []
    for value in values:
        parts += [", ", *quoted(value)] if parts else quoted(value)
    return tuple(parts) or (nothing,)


@dataclass(frozen=True)
class Sentence:
    """A sentence.

    Attributes:
        words: The sentence.
        sources: The properties that it comes from.
    """

    words: Text
    sources: Sequence[str] = ()


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        header: The names of the columns.
        rows: The rows.
        sources: The properties that it comes from.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[Text]]
    sources: Sequence[str] = ()


@dataclass(frozen=True)
class Listing:
    """A long text from a template, such as a query.

    Attributes:
        title: What it is.
        content: The text.
        sources: The properties that it comes from.
    """

    title: Text
    content: str
    sources: Sequence[str] = ()


@dataclass(frozen=True)
class Picture:
    """A flowchart. Everything in it is in tables too.

    Attributes:
        nodes: The label and the kind of each node: member, table, ids or place.
        edges: The indexes of two nodes, and what leads from one to the other.
    """

    nodes: Sequence[tuple[str, str]]
    edges: Sequence[tuple[int, int, str]]


Block = Sentence | Table | Listing | Picture


@dataclass
class Section:
    """A section of a document.

    Attributes:
        title: The heading.
        blocks: What is below the heading.
        sections: The sections in it.
    """

    title: Text
    blocks: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    def say(self, *words: Any, source: str | Sequence[str] = ()) -> None:
        """Add a sentence.

        Args:
            words: The sentence, in parts.
            source: The properties that it comes from.
        """
        sources = (source,) if isinstance(source, str) else source
        self.blocks.append(Sentence(text(*words), sources))

    @property
    def is_empty(self) -> bool:
        """Whether it is empty."""
        return not self.blocks and not self.sections
