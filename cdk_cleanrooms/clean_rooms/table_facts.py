"""The facts about configured tables and their associations that other resources check."""

from __future__ import annotations

from typing import Any, NamedTuple

from .analysis_rules import AnalysisRule
from .table_sources import TableSource


class TableFacts(NamedTuple):
    """The facts about a configured table of this app."""

    name: str
    source: TableSource
    analysis_methods: tuple[str, ...]
    analysis_rule: AnalysisRule | None


class AssociationFacts(NamedTuple):
    """The facts about a configured table association of this app."""

    membership: Any
    """The membership, as it was given."""
    membership_identifier: str
    table: TableFacts | None
