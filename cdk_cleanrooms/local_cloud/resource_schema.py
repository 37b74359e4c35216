"""CloudFormation's schema of a resource type. The folder `schemas` contains what AWS publishes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from .json_schema import Schema, converted, problems

SCHEMAS = Path(__file__).with_name("schemas")


class InvalidPropertiesError(ValueError):
    """The schema does not allow the properties. The message has the form of a stack event."""

    def __init__(self, logical_id: str, found: list[str]) -> None:
        super().__init__(
            f"Properties validation failed for resource {logical_id} with message:\n"
            + "\n".join(found)
        )


class ResourceSchema:
    """The schema for the properties of one resource type."""

    def __init__(self, type_name: str) -> None:
        whole = json.loads((SCHEMAS / file_name(type_name)).read_text("utf-8"))
        self.primary_identifier = _property_names(whole["primaryIdentifier"])
        self.create_only = _property_names(whole.get("createOnlyProperties", ()))
        self.read_only = _property_names(whole.get("readOnlyProperties", ()))
        self.is_taggable: bool = whole["tagging"]["taggable"]
        self.is_deleted_first = whole.get("replacementStrategy") == "delete_then_create"
        self._writable: Schema = _without_references(whole, whole["definitions"]) | {
            "type": "object"
        }
        self.properties: Schema = dict(self._writable["properties"])
        # Fn::GetAtt does not return objects.
        self.attributes = tuple(
            name for name in self.read_only if self.properties[name].get("type") != "object"
        )
        self._writable["properties"] = {
            name: item for name, item in self.properties.items() if name not in self.read_only
        }

    def read(self, logical_id: str, properties: dict[str, Any]) -> dict[str, Any]:
        """Convert the properties of a template to the types that the schema requires."""
        result: dict[str, Any] = converted(self._writable, properties)
        if found := list(problems(self._writable, result)):
            raise InvalidPropertiesError(logical_id, found)
        return result


@cache
def resource_schema(type_name: str) -> ResourceSchema:
    """Return the schema of a type, which is read once for all services and accounts."""
    return ResourceSchema(type_name)


def file_name(type_name: str) -> str:
    """Return the name of the file with the schema of a type."""
    return f"{type_name.lower().replace('::', '-')}.json"


def _property_names(pointers: Iterable[str]) -> tuple[str, ...]:
    # A pointer can lead into a property: /properties/Parameters/ResourceArn.
    return tuple(pointer.removeprefix("/properties/") for pointer in pointers)


def _without_references(node: Any, definitions: dict[str, Any]) -> Any:
    match node:
        case {"$ref": str(reference)} if reference.startswith("#/definitions/"):
            name = reference.removeprefix("#/definitions/")
            return _without_references(definitions[name], definitions)
        case dict():
            return {key: _without_references(item, definitions) for key, item in node.items()}
        case list():
            return [_without_references(item, definitions) for item in node]
    return node
