"""What others say of the resource, each as one flat list of facts, to see which has changed.

What the library's rules stand on is expected in terms of these rules, so that a rule cannot leave
AWS's unseen either.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from botocore.model import Shape

from cdk_cleanrooms._core import rules, tags
from cdk_cleanrooms.id_namespace_association import _NAME_IN_ARN

Facts: TypeAlias = Mapping[str, Any]

# Words for people, what CloudFormation itself needs, and the form of JSON objects.
_LEFT_OUT = ("additionalProperties", "definitions", "description", "handlers", "sourceUrl")

_CHARACTERS = r"\u0020-\uD7FF\uE000-\uFFFD\uD800\uDBFF-\uDC00\uDFFF\t"
_NAME_PATTERN = rf"(?!\s*$)[{_CHARACTERS}]*"
_DESCRIPTION_PATTERN = rf"[{_CHARACTERS}\r\n]*"
_ID_PATTERN = rules.IDENTIFIER.pattern
_ACCOUNT_AND_REGION = f"{rules.REGION.pattern}:{rules.ACCOUNT.pattern}"
_ID_NAMESPACE_PATTERN = f"arn:aws:entityresolution:{_ACCOUNT_AND_REGION}:{_NAME_IN_ARN.pattern}"

SCHEMA: Facts = {
    "typeName": "AWS::CleanRooms::IdNamespaceAssociation",
    "required": ["InputReferenceConfig", "MembershipIdentifier", "Name"],
    "createOnlyProperties": [
        "/properties/InputReferenceConfig",
        "/properties/MembershipIdentifier",
    ],
    "readOnlyProperties": [
        "/properties/Arn",
        "/properties/CollaborationArn",
        "/properties/CollaborationIdentifier",
        "/properties/IdNamespaceAssociationIdentifier",
        "/properties/InputReferenceProperties",
        "/properties/MembershipArn",
    ],
    "primaryIdentifier": [
        "/properties/IdNamespaceAssociationIdentifier",
        "/properties/MembershipIdentifier",
    ],
    "MembershipIdentifier.type": "string",
    "MembershipIdentifier.minLength": 36,
    "MembershipIdentifier.maxLength": 36,
    "MembershipIdentifier.pattern": _ID_PATTERN,
    "InputReferenceConfig.type": "object",
    "InputReferenceConfig.required": ["InputReferenceArn", "ManageResourcePolicies"],
    "InputReferenceConfig.InputReferenceArn.type": "string",
    "InputReferenceConfig.InputReferenceArn.maxLength": rules.ARN_LIMIT,
    "InputReferenceConfig.InputReferenceArn.pattern": _ID_NAMESPACE_PATTERN,
    "InputReferenceConfig.ManageResourcePolicies.type": "boolean",
    "Name.type": "string",
    "Name.minLength": 1,
    "Name.maxLength": rules.NAME_LIMIT,
    "Name.pattern": _NAME_PATTERN,
    "Description.type": "string",
    "Description.maxLength": rules.DESCRIPTION_LIMIT,
    "Description.pattern": _DESCRIPTION_PATTERN,
    "IdMappingConfig.type": "object",
    "IdMappingConfig.required": ["AllowUseAsDimensionColumn"],
    "IdMappingConfig.AllowUseAsDimensionColumn.type": "boolean",
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
    "IdNamespaceAssociationIdentifier.type": "string",
    "IdNamespaceAssociationIdentifier.minLength": 36,
    "IdNamespaceAssociationIdentifier.maxLength": 36,
    "IdNamespaceAssociationIdentifier.pattern": _ID_PATTERN,
    "Arn.type": "string",
    "Arn.maxLength": rules.ARN_LIMIT,
    "MembershipArn.type": "string",
    "MembershipArn.maxLength": 100,
    "CollaborationIdentifier.type": "string",
    "CollaborationIdentifier.minLength": 36,
    "CollaborationIdentifier.maxLength": 36,
    "CollaborationIdentifier.pattern": _ID_PATTERN,
    "CollaborationArn.type": "string",
    "CollaborationArn.maxLength": 100,
    "InputReferenceProperties.type": "object",
    "InputReferenceProperties.required": [],
    "InputReferenceProperties.IdNamespaceType.type": "string",
    "InputReferenceProperties.IdNamespaceType.enum": ["SOURCE", "TARGET"],
    "InputReferenceProperties.IdMappingWorkflowsSupported.type": "array",
    "InputReferenceProperties.IdMappingWorkflowsSupported.insertionOrder": False,
    "InputReferenceProperties.IdMappingWorkflowsSupported[].type": ["object", "string"],
    "InputReferenceProperties.IdMappingWorkflowsSupported[].format": "json",
}

API: Facts = {
    "type": "structure",
    "required": ["inputReferenceConfig", "membershipIdentifier", "name"],
    "membershipIdentifier.type": "string",
    "membershipIdentifier.min": 36,
    "membershipIdentifier.max": 36,
    "membershipIdentifier.pattern": _ID_PATTERN,
    "inputReferenceConfig.type": "structure",
    "inputReferenceConfig.required": ["inputReferenceArn", "manageResourcePolicies"],
    "inputReferenceConfig.inputReferenceArn.type": "string",
    "inputReferenceConfig.inputReferenceArn.min": 0,
    "inputReferenceConfig.inputReferenceArn.max": rules.ARN_LIMIT,
    "inputReferenceConfig.inputReferenceArn.pattern": _ID_NAMESPACE_PATTERN,
    "inputReferenceConfig.manageResourcePolicies.type": "boolean",
    "name.type": "string",
    "name.min": 1,
    "name.max": rules.NAME_LIMIT,
    "name.pattern": _NAME_PATTERN,
    "description.type": "string",
    "description.min": 0,
    "description.max": rules.DESCRIPTION_LIMIT,
    "description.pattern": _DESCRIPTION_PATTERN,
    "idMappingConfig.type": "structure",
    "idMappingConfig.required": ["allowUseAsDimensionColumn"],
    "idMappingConfig.allowUseAsDimensionColumn.type": "boolean",
    "tags.type": "map",
    # The library counts fifty, which are the user's own: see `known_differences.py`.
    "tags.min": 0,
    "tags.max": 200,
    "tags.key.type": "string",
    "tags.key.min": 1,
    "tags.key.max": tags.KEY_LIMIT,
    "tags.value.type": "string",
    # CloudFormation takes no empty one.
    "tags.value.min": 0,
    "tags.value.max": tags.VALUE_LIMIT,
}

_REQUIRED, _OPTIONAL, _ATTRIBUTE = "required argument", "optional argument", "attribute"

L1: Facts = {
    "membership_identifier": _REQUIRED,
    "input_reference_config": _REQUIRED,
    "input_reference_config.input_reference_arn": _REQUIRED,
    "input_reference_config.manage_resource_policies": _REQUIRED,
    "name": _REQUIRED,
    "description": _OPTIONAL,
    "id_mapping_config": _OPTIONAL,
    "id_mapping_config.allow_use_as_dimension_column": _REQUIRED,
    "tags": _OPTIONAL,
    "attr_arn": _ATTRIBUTE,
    "attr_collaboration_arn": _ATTRIBUTE,
    "attr_collaboration_identifier": _ATTRIBUTE,
    "attr_id_namespace_association_identifier": _ATTRIBUTE,
    "attr_input_reference_properties": _ATTRIBUTE,
    "attr_membership_arn": _ATTRIBUTE,
}

# What the library's construct has for it.
ARGUMENTS = {
    "membership_identifier": "membership",
    "input_reference_config.input_reference_arn": "id_namespace",
    "input_reference_config.manage_resource_policies": "manage_resource_policies",
    "name": "name",
    "description": "description",
    "id_mapping_config.allow_use_as_dimension_column": "allow_use_as_dimension_column",
    "tags": "tags",
}
ATTRIBUTES = {
    "attr_arn": "id_namespace_association_arn",
    "attr_collaboration_arn": "collaboration_arn",
    "attr_collaboration_identifier": "collaboration_identifier",
    "attr_id_namespace_association_identifier": "id_namespace_association_identifier",
    "attr_membership_arn": "membership_arn",
}
# CloudFormation's documentation has no Fn::GetAtt for it.
NOT_DOCUMENTED = "attr_input_reference_properties"


def facts_of_schema(schema: Mapping[str, Any]) -> Facts:
    """What a schema of the resource says."""
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
    """What the model of the API says of a structure."""
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
    """A fact without what does not matter: the order of a list, and ways to write a pattern."""
    if isinstance(value, list):
        return sorted(value)
    if isinstance(value, str):
        value = value.removeprefix("^").removesuffix("$")
        return value.replace(r"[\w]", r"\w").replace(r"[\d]", r"\d").replace(r"\d\w", r"\w")
    return value


def facts_of_l1(l1: type) -> Facts:
    """Which arguments and attributes an L1 construct of the resource has."""
    structures = {
        "input_reference_config": "IdNamespaceAssociationInputReferenceConfigProperty",
        "id_mapping_config": "IdMappingConfigProperty",
    }
    return {
        **_arguments(l1, ""),
        **{
            name: kind
            for argument, structure in structures.items()
            for name, kind in _arguments(getattr(l1, structure), f"{argument}.").items()
        },
        **{name: _ATTRIBUTE for name in dir(l1) if name.startswith("attr_")},
    }


def _arguments(kind: type, path: str) -> Facts:
    # The class itself seems to take anything.
    parameters = inspect.signature(vars(kind)["__init__"]).parameters.values()
    return {
        f"{path}{one.name}": _REQUIRED if one.default is one.empty else _OPTIONAL
        for one in parameters
        if one.kind is one.KEYWORD_ONLY
    }


def changes(expected: Facts, found: Facts) -> list[str]:
    """What is not as expected, each in a line."""
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
