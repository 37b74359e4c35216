"""Convert schemas, models and L1s to flat lists of facts, to find out which fact has changed."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from botocore.model import Shape

Facts: TypeAlias = Mapping[str, Any]
"""Facts about a resource, by their paths."""

# Descriptions, keywords that only CloudFormation needs, and the form of JSON objects.
_LEFT_OUT = ("additionalProperties", "definitions", "description", "handlers", "sourceUrl")

REQUIRED, OPTIONAL, ATTRIBUTE = "required argument", "optional argument", "attribute"


def facts_of_schema(schema: Mapping[str, Any]) -> Facts:
    """Return the facts in a schema of the resource."""
    return dict(_schema_facts(schema, schema["definitions"], ""))


def _schema_facts(
    schema: Mapping[str, Any], definitions: Mapping[str, Any], path: str
) -> Iterator[tuple[str, Any]]:
    for keyword, value in schema.items():
        if keyword == "$ref":
            definition = definitions[value.removeprefix("#/definitions/")]
            yield from _schema_facts(definition, definitions, path)
        elif keyword == "properties":
            for name, member in value.items():
                yield from _schema_facts(member, definitions, f"{path}{name}.")
        elif keyword == "items":
            yield from _schema_facts(value, definitions, f"{path[:-1]}[].")
        elif isinstance(value, dict) and keyword not in _LEFT_OUT:
            yield from _schema_facts(value, definitions, f"{path}{keyword}.")
        elif keyword not in _LEFT_OUT:
            is_in_order = keyword == "primaryIdentifier"
            yield f"{path}{keyword}", value if is_in_order else _plain(value)


def facts_of_shape(shape: Shape) -> Facts:
    """Return the facts about a structure in the model of the API."""
    return dict(_shape_facts(shape, ""))


def _shape_facts(shape: Shape, path: str) -> Iterator[tuple[str, Any]]:
    yield f"{path}type", shape.type_name
    for keyword, value in shape.metadata.items():
        yield f"{path}{keyword}", _plain(value)
    members = {}
    if shape.type_name == "structure":
        members = shape.members
    elif shape.type_name == "map":
        members = {"key": shape.key, "value": shape.value}
    for name, member in members.items():
        yield from _shape_facts(member, f"{path}{name}.")


def _plain(value: Any) -> Any:
    """Normalize a fact: the order of a list and the notation of a pattern do not matter."""
    if isinstance(value, list):
        return sorted(value, key=str)
    if isinstance(value, str):
        value = value.removeprefix("^").removesuffix("$")
        return value.replace(r"[\w]", r"\w").replace(r"[\d]", r"\d").replace(r"\d\w", r"\w")
    return value


def facts_of_l1(l1: type) -> Facts:
    """Return the arguments and attributes of an L1, and the arguments of its structures."""
    structures = {
        name: value
        for name, value in vars(l1).items()
        if isinstance(value, type) and name.endswith("Property")
    }
    return {
        **_arguments(l1, ""),
        **{
            name: kind
            for structure, value in structures.items()
            for name, kind in _arguments(value, f"{structure}.").items()
        },
        **{name: ATTRIBUTE for name in dir(l1) if name.startswith("attr_")},
    }


def _arguments(kind: type, path: str) -> Facts:
    # The signature of the class itself accepts any argument.
    parameters = inspect.signature(vars(kind)["__init__"]).parameters.values()
    return {
        f"{path}{one.name}": REQUIRED if one.default is one.empty else OPTIONAL
        for one in parameters
        if one.kind is one.KEYWORD_ONLY
    }
