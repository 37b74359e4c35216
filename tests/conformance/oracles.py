"""Oracles for single values: the resource's schema, and the model of the API.

CloudFormation's schema comes from the installed cfn-lint, and the model comes from the installed
botocore. `templates.py` contains the oracles for whole templates.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, Protocol

from botocore.model import ServiceModel, Shape
from botocore.session import get_session
from botocore.validate import ParamValidator

from .properties import Property


class Oracle(Protocol):
    """An oracle for single values."""

    def accepts(self, property: Property, value: Any) -> bool:
        """Return whether AWS accepts a value, according to the oracle."""


class Schema:
    """The resource's schema alone, with cfn-lint's validator of schemas."""

    def __init__(self) -> None:
        # Not at the top, because the import takes seconds, and not every test needs it.
        from cfnlint.jsonschema import StandardValidator
        from cfnlint.jsonschema._filter import FunctionFilter

        # Let the keywords judge dynamic references too, instead of special rules for them.
        validator = StandardValidator({}).extend(
            function_filter=FunctionFilter(
                add_cfn_lint_keyword=False, validate_dynamic_references=False
            )
        )
        # Each request is about one property, and contains only one item of a list.
        self._validator_of = cache(
            lambda type_name: validator(schema=_for_a_part(resource_schema(type_name)))
        )

    def accepts(self, property: Property, value: Any) -> bool:
        validator = self._validator_of(property.type_name)
        return next(validator.iter_errors(property.in_resource(value)), None) is None


def _for_a_part(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _for_a_part(value) if isinstance(value, dict) else value
        for key, value in schema.items()
        if key not in ("required", "minItems")
    }


class Botocore:
    """The model of the API. botocore and this class check it together.

    botocore checks types and minimum lengths. This class checks maximum lengths and patterns, which
    it interprets like Java, except for `$`: `\\w`, `\\d` and `\\s` match only ASCII, and a pattern
    matches the whole text.
    """

    def accepts(self, property: Property, value: Any) -> bool:
        shape, request = shape_of(property), property.in_request(value)
        if ParamValidator().validate(request, shape).has_errors():
            return False
        return not any(_excesses(request, shape))


def _excesses(value: Any, shape: Shape) -> Iterator[str]:
    limits = shape.metadata
    if "max" in limits and len(value) > limits["max"]:
        yield "max"
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value, re.ASCII):
        yield "pattern"
    if shape.type_name == "map":
        for key, item in value.items():
            yield from _excesses(key, shape.key)
            yield from _excesses(item, shape.value)


def shape_of(property: Property) -> Shape:
    """Return the shape of a property in the API's model."""
    _, _, short = property.type_name.split("::")
    operation, side, *members = property.shape or (
        f"Create{short}",
        "input_shape",
        *property.path.replace("[]", ".[]").split("."),
    )
    shape = getattr(service_model(property.type_name).operation_model(operation), side)
    for member in members:
        if member == "[]":
            shape = shape.member
        else:
            # The names differ from the names in CloudFormation only in case.
            (name,) = (each for each in shape.members if each.lower() == member.lower())
            shape = shape.members[name]
    return shape


@cache
def service_model(type_name: str) -> ServiceModel:
    """Return the model of the API that creates a resource type."""
    _, service, _ = type_name.split("::")
    return get_session().get_service_model(service.lower())


@cache
def resource_schema(type_name: str) -> dict[str, Any]:
    """Return the schema of a resource type."""
    # Read the files, because importing cfn-lint takes seconds.
    schemas = Path(str(distribution("cfn-lint").locate_file("cfnlint/data/schemas")))
    names = json.loads((schemas / "providers/us-east-1.json").read_text("utf-8"))
    path = schemas / f"resources/{names[type_name]}.json"
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema
