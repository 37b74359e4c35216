"""JSON Schema as AWS interprets it, using the package `jsonschema`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import regex
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

Schema = dict[str, Any]

_END_OR_FINAL_LINE_TERMINATOR = r"(?=(?:\r\n|[\n\r\u0085\u2028\u2029])?\Z)"


@cache
def java_pattern(pattern: str) -> regex.Pattern[str]:
    """Compile a pattern as Java, and so AWS, interprets it; every `$` must be an anchor."""
    # Java's \w and \d match only ASCII, but its Unicode categories match Unicode.
    flags = 0 if r"\p{" in pattern else regex.ASCII
    return regex.compile(pattern.replace("$", _END_OR_FINAL_LINE_TERMINATOR), flags)


def _pattern(
    _validator: object, pattern: str, value: object, _schema: Schema
) -> Iterator[ValidationError]:
    if isinstance(value, str) and not java_pattern(pattern).search(value):
        yield ValidationError(f"string [{value}] does not match pattern {pattern}")


_Validator = extend(Draft7Validator, {"pattern": _pattern})


def problems(schema: Schema, value: Any) -> Iterator[str]:
    """Yield what is wrong with a value, in CloudFormation's words."""
    for error in _Validator(schema).iter_errors(value):
        path = "/".join(("#", *map(str, error.absolute_path)))
        yield f"{path}: {_words(error)}"


def _words(error: ValidationError) -> str:
    value, limit = error.instance, error.validator_value
    match error.validator:
        case "type":
            return f"expected type: {limit.title()}, found: {type(value).__name__}"
        case "additionalProperties" if not limit:
            extra = sorted(value.keys() - error.schema.get("properties", {}).keys())
            return f"extraneous key [{', '.join(extra)}] is not permitted"
        case "minLength" | "maxLength" | "minItems" | "maxItems":
            return f"expected {error.validator}: {limit}, actual: {len(value)}"
        case "required":
            # Only the message contains the name, as in "'Name' is a required property".
            name = error.message.split("'")[1]
            return f"required key [{name}] not found"
    message: str = error.message
    return message


def members(schema: Schema) -> Schema:
    """Return the properties of an object, including the properties of its alternatives."""
    found: Schema = dict(schema.get("properties", {}))
    for alternative in schema.get("oneOf", ()):
        found.update(members(alternative))
    return found


def converted(schema: Schema, value: Any) -> Any:
    """Convert a value as CloudFormation does: `"true"` to true, and 1 to `"1"`."""
    match schema.get("type"), value:
        case "boolean", "true" | "false":
            return value == "true"
        case "integer", str() if value.lstrip("-").isdecimal():
            return int(value)
        case "string", bool() | int() | float():
            return json.dumps(value)
        case _, list() if "items" in schema:
            return [converted(schema["items"], item) for item in value]
        case _, dict():
            known = members(schema)
            return {
                name: converted(known[name], item) if name in known else item
                for name, item in value.items()
            }
    return value
