"""The review of an assembly: the sheet, the comparison and the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import errors
from .accepting import accept, read_accepted
from .assembly import read
from .changes import Change, stops
from .comparison import compare
from .formats.data import data
from .formats.html import html
from .formats.markdown import markdown
from .resources import Assembly
from .sheet import sheet

_TITLE = "What the members of the collaborations can learn"


@dataclass(frozen=True)
class Review:
    """A review.

    Attributes:
        text: The sheet.
        stopping: The changes that the gate stops.
    """

    text: str
    stopping: Sequence[Change]


def review(
    path: Path, *, against: Path | None = None, accepted: Path | None = None, format: str
) -> Review:
    """Review an assembly.

    Args:
        path: The assembly, or a template.
        against: The assembly or template to compare it with, or None.
        accepted: The file of accepted changes, or None.
        format: The format of the sheet, markdown, html or json.

    Returns:
        The review.

    Raises:
        ReviewError: If a file cannot be read.
    """
    try:
        return _review(path, against, accepted, format)
    except RecursionError as error:
        raise errors.unreadable(path, "it is nested too deeply") from error


def _review(path: Path, against: Path | None, accepted: Path | None, format: str) -> Review:
    assembly = Assembly(read(path))
    changes: list[Change] | None = None
    unmatched: list[dict[str, Any]] = []
    if against is not None:
        changes = compare(Assembly(read(against)), assembly)
    if changes is not None and accepted is not None:
        unmatched = accept(changes, read_accepted(accepted))
    told = [f"{entry['identity']}: {entry['property']}" for entry in unmatched]
    sections = sheet(assembly, changes, told)
    if format == "json":
        text = data(_TITLE, sections, changes or (), unmatched)
    else:
        text = {"markdown": markdown, "html": html}[format](_TITLE, sections)
    return Review(text, [change for change in changes or () if stops(change)])


def write(path: Path, text: str) -> None:
    """Write the sheet into a file, with the same bytes on every system.

    Args:
        path: The file.
        text: The sheet.

    Raises:
        ReviewError: If the file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise errors.cannot_write(path, error) from error
