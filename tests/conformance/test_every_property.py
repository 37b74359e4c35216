"""Tests that every property of a resource of Entity Resolution can be reached by an argument."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from aws_cdk import aws_entityresolution

from cdk_cleanrooms import entity_resolution

# The parts of the L1s that no argument reaches, each with the reason.
NOT_REACHED = {
    "CfnMatchingWorkflow.OutputSourceProperty.customer_profiles_integration_config": (
        "Amazon Connect is another destination than Amazon S3, and has nothing to do with ID mapping"
    ),
}
# The parts that are passed through as the L1's own objects.
PASSED_THROUGH = (
    "CustomerProfilesIntegrationConfigProperty",
    "IntermediateSourceConfigurationProperty",
    "NamespaceProviderPropertiesProperty",
    "ProviderPropertiesProperty",
)
L1S = ("CfnIdMappingWorkflow", "CfnIdNamespace", "CfnMatchingWorkflow", "CfnSchemaMapping")
MODULES = {
    "CfnIdMappingWorkflow": "id_mapping_workflow",
    "CfnIdNamespace": "id_namespace",
    "CfnMatchingWorkflow": "matching_workflow",
    "CfnSchemaMapping": "schema_mapping",
}


def parts_of(l1: Any) -> Iterator[tuple[str, str]]:
    """Yield the class and the name of every property, nested ones included."""
    for name in [*inspect.signature(l1.__init__).parameters][3:]:
        yield l1.__name__, name
    for part in dir(l1):
        if part.endswith("Property") and part not in PASSED_THROUGH:
            for name in [*inspect.signature(getattr(l1, part).__init__).parameters][1:]:
                yield f"{l1.__name__}.{part}", name


@pytest.mark.parametrize("name", L1S)
def test_every_property_is_set_or_left_out_for_a_reason(name: str) -> None:
    module = __import__(f"{entity_resolution.__name__}.{MODULES[name]}", fromlist=["_"])
    matching_models = __import__(f"{entity_resolution.__name__}.matching_models", fromlist=["_"])
    source = inspect.getsource(module) + inspect.getsource(matching_models)
    missing = {
        f"{kind}.{property}"
        for kind, property in parts_of(getattr(aws_entityresolution, name))
        if f"{property}=" not in source
    }
    assert missing == {each for each in NOT_REACHED if each.startswith(f"{name}.")}
