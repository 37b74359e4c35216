"""Tests that AWS and the CDK describe the resources as when this library was written.

A test that fails here shows what has changed. Change the library first, and then the resource's
module in `resources`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from copy import deepcopy
from importlib.metadata import version
from typing import Any

import pytest
from aws_cdk import aws_cleanrooms
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation
from botocore.model import ServiceModel

import cdk_cleanrooms

from .drift import changes, facts_of_l1, facts_of_schema, facts_of_shape
from .oracles import resource_schema, service_model, shape_of
from .properties import ASSOCIATION_TYPE, CREATION, Resource
from .resources import RESOURCES

every_resource = pytest.mark.parametrize("resource", RESOURCES, ids=lambda it: it.construct)


def l1_of(resource: Resource) -> Any:
    return getattr(aws_cleanrooms, f"Cfn{resource.construct}")


@every_resource
def test_the_schema_in_cfn_lint_matches_the_rules(resource: Resource) -> None:
    changed = changes(resource.schema, facts_of_schema(resource_schema(resource.type_name)))
    assert not changed, report("The resource's schema", "cfn-lint", changed)


@every_resource
def test_the_model_in_botocore_matches_the_rules(resource: Resource) -> None:
    changed = changes(resource.model, facts_of_shape(shape_of(resource.creation)))
    assert not changed, report("The API's model", "botocore", changed)


@every_resource
def test_the_l1_has_the_arguments_and_attributes_of_the_construct(
    resource: Resource,
) -> None:
    changed = changes(resource.l1, facts_of_l1(l1_of(resource), resource.structures))
    assert not changed, report(f"Cfn{resource.construct}", "aws-cdk-lib", changed)


def report(subject: str, package: str, changed: list[str]) -> str:
    return "\n  ".join([f"{subject} has changed in {package} {version(package)}:", *changed])


@every_resource
def test_the_construct_has_an_argument_or_attribute_for_everything_in_the_l1(
    resource: Resource,
) -> None:
    structures = {name.split(".")[0] for name in resource.arguments if "." in name}
    not_documented = {"attr_input_reference_properties"}
    assert {*resource.arguments, *resource.attributes, *structures, *not_documented} == {
        *resource.l1
    }

    construct = getattr(cdk_cleanrooms, resource.construct)
    signature = inspect.signature(construct.__init__)
    ours = {name for name, one in signature.parameters.items() if one.kind is one.KEYWORD_ONLY}
    assert ours == {*resource.arguments.values(), *resource.others, "adopt", "removal_policy"}
    assert all(hasattr(construct, name) for name in resource.attributes.values())


Schema = dict[str, Any]

# Each function changes a schema, whatever it contains now, and returns the expected report.


def new_property(schema: Schema) -> list[str]:
    schema["properties"]["MadeUp"] = {"type": "string"}
    return ["MadeUp.type is new: 'string'"]


def new_attribute(schema: Schema) -> list[str]:
    old = schema["readOnlyProperties"]
    new_property(schema)
    schema["readOnlyProperties"] = [*old, "/properties/MadeUp"]
    new = sorted([*old, "/properties/MadeUp"])
    return [
        "MadeUp.type is new: 'string'",
        f"readOnlyProperties was {sorted(old)} and is {new}",
    ]


def new_limit(schema: Schema) -> list[str]:
    name = schema["properties"]["Name"]
    name["maxLength"] += 1
    return [f"Name.maxLength was {name['maxLength'] - 1} and is {name['maxLength']}"]


def new_limit_of_a_part(schema: Schema) -> list[str]:
    value = schema["definitions"]["Tag"]["properties"]["Value"]
    value["maxLength"] += 1
    return [f"Tags[].Value.maxLength was {value['maxLength'] - 1} and is {value['maxLength']}"]


def new_keyword(schema: Schema) -> list[str]:
    schema["properties"]["Description"]["madeUp"] = 1
    return ["Description.madeUp is new: 1"]


def new_pattern(schema: Schema) -> list[str]:
    arn = schema["definitions"]["IdNamespaceAssociationInputReferenceConfig"]["properties"][
        "InputReferenceArn"
    ]
    arn["pattern"] = "^made-up$"
    [told] = changed_in(schema)
    assert told.startswith("InputReferenceConfig.InputReferenceArn.pattern was 'arn:")
    assert told.endswith(" and is 'made-up'")
    return [told]


def no_property_any_more(schema: Schema) -> list[str]:
    del schema["properties"]["InputReferenceConfig"]
    told = changed_in(schema)
    assert "InputReferenceConfig.ManageResourcePolicies.type is gone: 'boolean'" in told
    return told


def another_is_required(schema: Schema) -> list[str]:
    old = schema["required"]
    schema["required"] = [*old, "MadeUp"]
    return [f"required was {sorted(old)} and is {sorted([*old, 'MadeUp'])}"]


def another_replaces(schema: Schema) -> list[str]:
    old = schema["createOnlyProperties"]
    schema["createOnlyProperties"] = [*old, "/properties/MadeUp"]
    new = sorted([*old, "/properties/MadeUp"])
    return [f"createOnlyProperties was {sorted(old)} and is {new}"]


def identifier_in_another_order(schema: Schema) -> list[str]:
    old = schema["primaryIdentifier"]
    schema["primaryIdentifier"] = old[::-1]
    return [f"primaryIdentifier was {old} and is {old[::-1]}"]


def changed_in(schema: Schema) -> list[str]:
    """Return the reported changes, without those in the installed schema."""
    return changes(facts_of_schema(resource_schema(ASSOCIATION_TYPE)), facts_of_schema(schema))


@pytest.mark.parametrize(
    "alter",
    [
        new_property,
        new_attribute,
        new_limit,
        new_limit_of_a_part,
        new_keyword,
        new_pattern,
        no_property_any_more,
        another_is_required,
        another_replaces,
        identifier_in_another_order,
    ],
)
def test_a_change_of_the_schema_is_reported(alter: Callable[[Schema], list[str]]) -> None:
    schema = deepcopy(resource_schema(ASSOCIATION_TYPE))
    told = alter(schema)
    assert changed_in(schema) == told


def test_a_change_of_the_model_is_reported() -> None:
    description = deepcopy(vars(service_model())["_service_description"])
    name = description["shapes"]["GenericResourceName"]
    name["max"] += 1
    members = description["shapes"]["CreateIdNamespaceAssociationInput"]["members"]
    members["madeUp"] = {"shape": "Boolean"}

    operation = ServiceModel(description).operation_model("CreateIdNamespaceAssociation")
    changed = changes(facts_of_shape(shape_of(CREATION)), facts_of_shape(operation.input_shape))

    assert changed == [
        "madeUp.type is new: 'boolean'",
        f"name.max was {name['max'] - 1} and is {name['max']}",
    ]


def test_a_change_of_the_l1_is_reported() -> None:
    class Changed(CfnIdNamespaceAssociation):
        attr_made_up = "new"

        def __init__(
            self, scope: Any, id: str, *, made_up: str, name: str | None = None
        ) -> None: ...

    changed = changes(facts_of_l1(CfnIdNamespaceAssociation, {}), facts_of_l1(Changed, {}))

    assert "made_up is new: 'required argument'" in changed
    assert "attr_made_up is new: 'attribute'" in changed
    assert "name was 'required argument' and is 'optional argument'" in changed
    assert "tags is gone: 'optional argument'" in changed
