"""Schema mappings as arguments. Some properties of AWS take the name, others the ARN."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from constructs import Construct

from .._core import checks
from .._core.environment import facts_of_scope
from .._core.facts import facts_about
from .._core.imports import arn_rule, identifier_rule
from .._core.references import Reference, read_arn
from .._core.types import SCHEMA_MAPPING
from .._core.validation import Problem

_NAME = Reference("schema_mapping_ref", "schema_mapping_name", "ref")


class SchemaFacts(NamedTuple):
    """The facts about a schema mapping of this app."""

    field_names: tuple[str, ...]
    match_keys: frozenset[str]


def schema_rule(property: str, value: object) -> Iterator[Problem]:
    """Check a schema mapping, given as a construct, or by its name or ARN."""
    if _NAME.accepts(value):
        return
    if not isinstance(value, str):
        expected = "a schema mapping as a construct, or its name or ARN"
        yield checks.wrong_type(property, value, expected)
    elif value.startswith("arn:"):
        yield from checks.can_be_split(arn_rule(SCHEMA_MAPPING))(property, value)
    else:
        yield from identifier_rule(SCHEMA_MAPPING)(property, value)


def schema_name(value: Any) -> str:
    """Return the name of a schema mapping."""
    if isinstance(value, str):
        return value.rsplit("/", 1)[-1] if value.startswith("arn:") else value
    name: Any = _NAME.read(value)
    return name if isinstance(name, str) else str(value.schema_mapping_ref.schema_name)


def schema_arn(scope: Construct, value: Any) -> str:
    """Return the ARN of a schema mapping."""
    if isinstance(value, str) and not value.startswith("arn:"):
        return facts_of_scope(scope).arn(SCHEMA_MAPPING.service, SCHEMA_MAPPING.path, value)
    return read_arn(SCHEMA_MAPPING, scope, value)


def match_key_problems(property: str, value: object, inputs: object) -> Iterator[Problem]:
    """Yield the match keys of rules that no schema mapping has."""
    if not isinstance(value, Mapping) or not isinstance(inputs, Sequence):
        return
    known: set[str] = set()
    for item in inputs:
        schema = facts_about(getattr(item, "schema_mapping", None), SchemaFacts)
        if schema is None:
            return
        known |= schema.match_keys
    if not inputs or not all(map(checks.is_known, known)):
        return
    for name, keys in value.items():
        for key in keys if isinstance(keys, Sequence) and not isinstance(keys, str) else ():
            if isinstance(key, str) and checks.is_known(key) and key not in known:
                advice = (
                    f"the schema mappings of inputs have {', '.join(map(repr, sorted(known)))}; use"
                    " one of those, or give a field this match key"
                    if known
                    else "no field of the schema mappings of inputs has a match key; add"
                    f" match_key={key!r} to a field"
                )
                message = (
                    f"the rule {checks.excerpt(name)} has the match key {checks.excerpt(key)}, and"
                    f" {advice}"
                )
                yield Problem(property, key, message, "MatchKeyUnknown")
