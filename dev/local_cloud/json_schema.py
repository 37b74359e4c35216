"""The part of JSON Schema that AWS describes requests and properties with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import regex

Schema = dict[str, Any]

_PYTHON_TYPES = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}
_END_OR_FINAL_LINE_TERMINATOR = r"(?=(?:\r\n|[\n\r\u0085\u2028\u2029])?\Z)"


@cache
def java_pattern(pattern: str) -> regex.Pattern[str]:
    """A pattern as Java reads it, which is what AWS matches in; every `$` has to be an anchor."""
    # Java's \w and \d are ASCII, but its Unicode categories are not.
    flags = 0 if r"\p{" in pattern else regex.ASCII
    return regex.compile(pattern.replace("$", _END_OR_FINAL_LINE_TERMINATOR), flags)


def problems(schema: Schema, value: Any, path: str = "#") -> Iterator[str]:
    """What is wrong with a value, in the words of CloudFormation."""
    kind = schema.get("type")
    if kind and type(value) not in _PYTHON_TYPES[kind]:
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
            case "minLength" | "minProperties" | "minItems" if len(value) < limit:
                yield f"{path}: expected {keyword}: {limit}, actual: {len(value)}"
            case "maxLength" | "maxProperties" | "maxItems" if len(value) > limit:
                yield f"{path}: expected {keyword}: {limit}, actual: {len(value)}"
            case "pattern" if not java_pattern(limit).search(value):
                yield f"{path}: string [{value}] does not match pattern {limit}"
            case "enum" if value not in limit:
                yield f"{path}: {value} is not a valid enum value, {limit} are"
            case "oneOf" if sum(not [*problems(one, value)] for one in limit) != 1:
                yield f"{path}: #: {len(limit)} subschemas, of which not just one matches"
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
            case "properties":
                for name in limit.keys() & value.keys():
                    yield from problems(limit[name], value[name], f"{path}/{name}")
            case "additionalProperties" | "patternProperties":
                yield from _broken_others(schema, keyword, value, path)


def _broken_others(schema: Schema, keyword: str, value: Any, path: str) -> Iterator[str]:
    patterns = schema.get("patternProperties", {})
    for name in value.keys() - schema.get("properties", {}).keys():
        matching = [rest for key, rest in patterns.items() if java_pattern(key).search(name)]
        if keyword == "patternProperties":
            for one in matching:
                yield from problems(one, value[name], f"{path}/{name}")
        elif isinstance(schema[keyword], dict):
            yield from problems(schema[keyword], value[name], f"{path}/{name}")
        elif not schema[keyword] and not matching:
            yield f"{path}: extraneous key [{name}] is not permitted"


def members(schema: Schema) -> Schema:
    """The properties of an object, those of its alternatives included."""
    found: Schema = dict(schema.get("properties", {}))
    for alternative in schema.get("oneOf", ()):
        found.update(members(alternative))
    return found


def converted(schema: Schema, value: Any) -> Any:
    """A value as CloudFormation reads it: `"true"` for true, and 1 for `"1"`."""
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
