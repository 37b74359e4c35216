"""Write the sheet in Markdown, as GitHub and GitLab show it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..document import Block, Listing, Quoted, Section, Sentence, Table, Text
from .mermaid import flowchart
from .untrusted import visible

_BACKTICKS = re.compile("`+")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$@!])")


def markdown(title: str, sections: Sequence[Section]) -> str:
    """Return the sheet.

    Args:
        title: The heading.
        sections: The sections.

    Returns:
        The text, which ends with a line break.
    """
    lines = [f"# {_words((title,))}", ""]
    for section in sections:
        lines += _section(section, 2)
    return "\n".join(lines)


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"{'#' * min(level, 6)} {_words(section.title)}"
    yield ""
    for block in section.blocks:
        lines = [*_block(block)]
        if lines:
            yield from lines
            yield ""
    for each in section.sections:
        yield from _section(each, level + 1)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Sentence():
            yield f"{_words(block.words)}{_sources(block.sources)}"
        case Table():
            yield f"| {' | '.join(block.header)} |"
            yield f"|{'---|' * len(block.header)}"
            for row in block.rows:
                yield f"| {' | '.join(_cell(cell) for cell in row)} |"
            if block.sources:
                yield ""
                yield _sources(block.sources).strip()
        case Listing():
            fence = _fence(block.content, 3)
            yield f"{_words(block.title)}:{_sources(block.sources)}"
            yield ""
            yield f"{fence}text"
            yield from visible(block.content, keep="\n\t").split("\n")
            yield fence
        case _:
            chart = flowchart(block)
            if chart is not None:
                yield "```mermaid"
                yield chart
                yield "```"


def _words(words: Text) -> str:
    return "".join(
        _code(it) if isinstance(it, Quoted) else _SPECIAL.sub(r"\\\1", it) for it in words
    )


def _cell(words: Text) -> str:
    # A bar ends a cell also in code.
    return "".join(
        _code(it).replace("|", "\\|") if isinstance(it, Quoted) else _SPECIAL.sub(r"\\\1", it)
        for it in words
    )


def _code(text: str) -> str:
    """Return text as code, in which neither markup nor mentions nor links have an effect."""
    shown = visible(text)
    if not shown.strip():
        return f"(text of {len(shown)} spaces)" if shown else "(nothing)"
    fence = _fence(shown, 1)
    pad = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)


def _sources(sources: Sequence[str]) -> str:
    return f" ({', '.join(_code(it) for it in sources)})" if sources else ""
