"""The sheet: who can learn what, for people who do not know AWS."""

from __future__ import annotations

from collections.abc import Sequence

from ..changes import Change
from ..document import Section
from ..resources import Assembly
from .access import logs_and_encryption, results, retention, roles
from .analyses import budgets, templates
from .comparing import changes_section
from .ids import ids
from .learning import learning
from .limits import not_visible, open_values
from .members import members
from .picture import picture
from .tables import tables
from .view import View


def sheet(
    assembly: Assembly, changes: Sequence[Change] | None, unmatched: Sequence[str] = ()
) -> list[Section]:
    """Return the sections of the sheet.

    Args:
        assembly: The assembly.
        changes: The changes against another assembly, or None without one.
        unmatched: What was accepted, but is no change.

    Returns:
        The sections that say something.
    """
    view = View(assembly)
    found = [] if changes is None else [changes_section(changes, unmatched)]
    found += [
        make(view)
        for make in (
            members,
            learning,
            picture,
            tables,
            templates,
            budgets,
            ids,
            results,
            roles,
            logs_and_encryption,
            retention,
            open_values,
            not_visible,
        )
    ]
    return [section for section in found if not section.is_empty]
