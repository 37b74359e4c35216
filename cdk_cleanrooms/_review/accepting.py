"""Read which changes are accepted, and mark them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import errors
from .changes import Accepted, Change

_REQUIRED = {"identity", "property", "old", "new", "reason"}
_OPTIONAL = {"date"}


def read_accepted(path: Path) -> list[dict[str, Any]]:
    """Read the file of accepted changes.

    Args:
        path: The file.

    Returns:
        Its entries.

    Raises:
        ReviewError: If the file cannot be read, or has another form.
    """
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except (OSError, RecursionError) as error:
        raise errors.unreadable(path, error) from error
    except ValueError as error:
        raise errors.not_accepted(path, f"it is not valid JSON ({error})") from error
    if not isinstance(content, list):
        raise errors.not_accepted(path, "it is no list")
    for index, entry in enumerate(content, start=1):
        if not isinstance(entry, dict):
            raise errors.not_accepted(path, f"entry {index} is no object")
        missing = sorted(_REQUIRED - entry.keys())
        if missing:
            raise errors.not_accepted(path, f"entry {index} has no {', no '.join(missing)}")
        more = sorted(entry.keys() - _REQUIRED - _OPTIONAL)
        if more:
            raise errors.not_accepted(path, f"entry {index} has an unknown {more[0]!r}")
        for name in ("identity", "property", "reason", "date"):
            value = entry.get(name, "-")
            if not isinstance(value, str) or not value.strip():
                raise errors.not_accepted(path, f"the {name} of entry {index} is no text")
    return content


def accept(changes: Sequence[Change], entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mark the changes that are accepted.

    Args:
        changes: The changes.
        entries: The entries of the file.

    Returns:
        The entries that match no change.
    """
    by_key: dict[str, list[Change]] = {}
    for change in changes:
        key = _key(change.identity, change.property, change.old, change.new)
        by_key.setdefault(key, []).append(change)
    unmatched = []
    for entry in entries:
        found = by_key.get(
            _key(entry["identity"], entry["property"], entry["old"], entry["new"]), []
        )
        for change in found:
            change.accepted = Accepted(entry["reason"], entry.get("date"))
        if not found:
            unmatched.append(entry)
    return unmatched


def _key(*parts: Any) -> str:
    return json.dumps(parts, sort_keys=True)
