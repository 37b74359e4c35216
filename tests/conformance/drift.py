"""Convert schemas and models to flat lists of facts, to find out which fact has changed.

The expected facts are written in terms of the library's rules, so that a change of a rule is also
found. This module has the facts that all resources have in common.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from botocore.model import Shape

from cdk_cleanrooms._core import rules, tags

Facts: TypeAlias = Mapping[str, Any]

# Descriptions, keywords that only CloudFormation needs, and the form of JSON objects.
_LEFT_OUT = ("additionalProperties", "definitions", "description", "handlers", "sourceUrl")

_CHARACTERS = r"\u0020-\uD7FF\uE000-\uFFFD\uD800\uDBFF-\uDC00\uDFFF\t"
NAME_PATTERN = rf"(?!\s*$)[{_CHARACTERS}]*"
_DESCRIPTION_PATTERN = rf"[{_CHARACTERS}\r\n]*"
ACCOUNT_AND_REGION = f"{rules.REGION.pattern}:{rules.ACCOUNT.pattern}"


def uuid_in_schema(name: str) -> Facts:
    """Return the facts about an ID in a schema."""
    return {
        f"{name}.type": "string",
        f"{name}.minLength": 36,
        f"{name}.maxLength": 36,
        f"{name}.pattern": rules.IDENTIFIER.pattern,
    }


IN_EVERY_SCHEMA: Facts = {
    **uuid_in_schema("MembershipIdentifier"),
    **uuid_in_schema("CollaborationIdentifier"),
    "MembershipArn.type": "string",
    "MembershipArn.maxLength": 100,
    "CollaborationArn.type": "string",
    "CollaborationArn.maxLength": 100,
    "Arn.type": "string",
    "Name.type": "string",
    "Description.type": "string",
    "Description.maxLength": rules.DESCRIPTION_LIMIT,
    "Description.pattern": _DESCRIPTION_PATTERN,
    "InputReferenceConfig.type": "object",
    "InputReferenceConfig.required": ["InputReferenceArn", "ManageResourcePolicies"],
    "InputReferenceConfig.InputReferenceArn.type": "string",
    "InputReferenceConfig.ManageResourcePolicies.type": "boolean",
    "Tags.type": "array",
    "Tags.uniqueItems": True,
    "Tags.insertionOrder": False,
    "Tags[].type": "object",
    "Tags[].required": ["Key", "Value"],
    "Tags[].Key.type": "string",
    "Tags[].Key.minLength": 1,
    "Tags[].Key.maxLength": tags.KEY_LIMIT,
    "Tags[].Value.type": "string",
    "Tags[].Value.minLength": 1,
    "Tags[].Value.maxLength": tags.VALUE_LIMIT,
    "tagging.taggable": True,
    "tagging.tagOnCreate": True,
    "tagging.tagUpdatable": True,
    "tagging.tagProperty": "/properties/Tags",
    "tagging.cloudFormationSystemTags": True,
    "tagging.permissions": [
        "cleanrooms:ListTagsForResource",
        "cleanrooms:TagResource",
        "cleanrooms:UntagResource",
    ],
}

IN_EVERY_MODEL: Facts = {
    "type": "structure",
    "required": ["inputReferenceConfig", "membershipIdentifier", "name"],
    "membershipIdentifier.type": "string",
    "membershipIdentifier.min": 36,
    "membershipIdentifier.max": 36,
    "membershipIdentifier.pattern": rules.IDENTIFIER.pattern,
    "inputReferenceConfig.type": "structure",
    "inputReferenceConfig.required": ["inputReferenceArn", "manageResourcePolicies"],
    "inputReferenceConfig.inputReferenceArn.type": "string",
    "inputReferenceConfig.manageResourcePolicies.type": "boolean",
    "name.type": "string",
    "description.type": "string",
    "description.min": 0,
    "description.max": rules.DESCRIPTION_LIMIT,
    "description.pattern": _DESCRIPTION_PATTERN,
    "tags.type": "map",
    # The library allows fifty tags, without those of AWS: see `known_differences.py`.
    "tags.min": 0,
    "tags.max": 200,
    "tags.key.type": "string",
    "tags.key.min": 1,
    "tags.key.max": tags.KEY_LIMIT,
    "tags.value.type": "string",
    # CloudFormation does not accept an empty value.
    "tags.value.min": 0,
    "tags.value.max": tags.VALUE_LIMIT,
}

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
        return sorted(value)
    if isinstance(value, str):
        value = value.removeprefix("^").removesuffix("$")
        return value.replace(r"[\w]", r"\w").replace(r"[\d]", r"\d").replace(r"\d\w", r"\w")
    return value


def facts_of_l1(l1: type, structures: Mapping[str, str]) -> Facts:
    """Return the arguments and attributes of an L1, and the arguments of its structures."""
    return {
        **_arguments(l1, ""),
        **{
            name: kind
            for argument, structure in structures.items()
            for name, kind in _arguments(getattr(l1, structure), f"{argument}.").items()
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


def changes(expected: Facts, found: Facts) -> list[str]:
    """Return one line for each fact that differs."""
    return sorted(
        [
            *(
                f"{fact} was {expected[fact]!r} and is {found[fact]!r}"
                for fact in expected.keys() & found.keys()
                if expected[fact] != found[fact]
            ),
            *(f"{fact} is new: {found[fact]!r}" for fact in found.keys() - expected.keys()),
            *(f"{fact} is gone: {expected[fact]!r}" for fact in expected.keys() - found.keys()),
        ]
    )
