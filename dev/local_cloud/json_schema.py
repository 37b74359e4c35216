"""The part of JSON Schema that AWS describes requests and properties with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

Schema = dict[str, Any]

_PYTHON_TYPES = {"array": list, "boolean": bool, "integer": int, "object": dict, "string": str}
_END_OR_FINAL_LINE_TERMINATOR = r"(?=(?:\r\n|[\n\r\u0085\u2028\u2029])?\Z)"


@cache
def java_pattern(pattern: str) -> re.Pattern[str]:
    """A pattern as Java reads it, which is what AWS matches in; every `$` has to be an anchor."""
    return re.compile(pattern.replace("$", _END_OR_FINAL_LINE_TERMINATOR), re.ASCII)


def problems(schema: Schema, value: Any, path: str = "#") -> Iterator[str]:
    """What is wrong with a value, in the words of CloudFormation."""
    kind = schema["type"]
    if type(value) is not _PYTHON_TYPES[kind]:
        yield f"{path}: expected type: {kind.title()}, found: {type(value).__name__}"
        return
    yield from _broken_keywords(schema, value, path)


def _broken_keywords(schema: Schema, value: Any, path: str) -> Iterator[str]:
    for keyword, limit in schema.items():
        match keyword:
            case "minimum" if value < limit:
                yield f"{path}: {value} is not greater or equal to {limit}"
            case "maximum" if value > limit:
                yield f"{path}: {value} is not less or equal to {limit}"
            case "minLength" | "minProperties" if len(value) < limit:
                yield f"{path}: expected {keyword}: {limit}, actual: {len(value)}"
            case "maxLength" | "maxProperties" if len(value) > limit:
                yield f"{path}: expected {keyword}: {limit}, actual: {len(value)}"
            case "pattern" if not java_pattern(limit).search(value):
                yield f"{path}: string [{value}] does not match pattern {limit}"
            case "uniqueItems" if limit and any(value.count(item) > 1 for item in value):
                yield f"{path}: array items are not unique"
            case "items":
                for index, item in enumerate(value):
                    yield from problems(limit, item, f"{path}/{index}")
            case "required":
                for name in limit:
                    if name not in value:
                        yield f"{path}: required key [{name}] not found"
            case "propertyNames":
                for name in value:
                    yield from problems(limit, name, f"{path}/{name}")
            case "additionalProperties":
                for name, item in value.items():
                    if member := schema["properties"].get(name, limit):
                        yield from problems(member, item, f"{path}/{name}")
                    else:
                        yield f"{path}: extraneous key [{name}] is not permitted"


def converted(schema: Schema, value: Any) -> Any:
    """A value as CloudFormation reads it: `"true"` for true, and 1 for `"1"`."""
    match schema["type"], value:
        case "boolean", "true" | "false":
            return value == "true"
        case "string", bool() | int() | float():
            return json.dumps(value)
        case "array", list():
            return [converted(schema["items"], item) for item in value]
        case "object", dict():
            known = schema["properties"]
            return {
                name: converted(known[name], item) if name in known else item
                for name, item in value.items()
            }
    return value
