"""A schema mapping."""

from __future__ import annotations

from typing import Any

from cdk_cleanrooms._core.types import SCHEMA_MAPPING
from cdk_cleanrooms.entity_resolution.schema_mapping import SchemaInputAttribute, _fields_rule
from tests.resources.samples.schema_mapping import SAMPLE

from .. import entity_resolution, strategies
from ..properties import Property, Resource


def _of_a_field(part: str, path: str) -> Property:
    good: dict[str, Any] = {"field_name": "age", "type": "STRING"}
    identifier = SchemaInputAttribute(field_name="id", type="UNIQUE_ID")
    return Property(
        f"field's {part}",
        lambda name, value: _fields_rule(
            name, [identifier, SchemaInputAttribute(**{**good, part: value})]
        ),
        strategies.words,
        f"MappedInputFields[].{path}",
        is_argument=False,
    )


RESOURCE = Resource(
    SAMPLE,
    entity_resolution.name_of(SCHEMA_MAPPING),
    *entity_resolution.COMMON,
    _of_a_field("field_name", "FieldName"),
    _of_a_field("match_key", "MatchKey"),
    _of_a_field("group_name", "GroupName"),
    _of_a_field("sub_type", "SubType"),
)
