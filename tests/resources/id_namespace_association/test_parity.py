"""Tests that the resource equals the resource of an L1 with the same values."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import CfnTag, Fn, Stack
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation

from tests.helpers import Associate, resource_of
from tests.samples import ID_NAMESPACE_ARN, MEMBERSHIP_ID

InputReferenceConfig = CfnIdNamespaceAssociation.IdNamespaceAssociationInputReferenceConfigProperty
IdMappingConfig = CfnIdNamespaceAssociation.IdMappingConfigProperty

MANAGED = InputReferenceConfig(input_reference_arn=ID_NAMESPACE_ARN, manage_resource_policies=True)
UNMANAGED = InputReferenceConfig(
    input_reference_arn=ID_NAMESPACE_ARN, manage_resource_policies=False
)


def by_hand(stack: Stack, **properties: Any) -> CfnIdNamespaceAssociation:
    required: dict[str, Any] = {
        "membership_identifier": MEMBERSHIP_ID,
        "input_reference_config": MANAGED,
        "name": "customers",
    }
    return CfnIdNamespaceAssociation(stack, "ByHand", **required | properties)


@pytest.mark.parametrize(
    ("arguments", "properties"),
    [
        pytest.param({}, {}, id="minimal"),
        pytest.param({"description": "Ours"}, {"description": "Ours"}, id="description"),
        pytest.param({"description": ""}, {"description": ""}, id="empty description"),
        pytest.param({"description": None}, {}, id="no description"),
        pytest.param(
            {"manage_resource_policies": False},
            {"input_reference_config": UNMANAGED},
            id="resource policies not managed",
        ),
        pytest.param(
            {"allow_use_as_dimension_column": True},
            {"id_mapping_config": IdMappingConfig(allow_use_as_dimension_column=True)},
            id="dimension column",
        ),
        pytest.param(
            {"allow_use_as_dimension_column": False},
            {"id_mapping_config": IdMappingConfig(allow_use_as_dimension_column=False)},
            id="no dimension column",
        ),
        pytest.param(
            {"tags": {"Team": "DataScience", "Environment": "Production"}},
            {
                "tags": [
                    CfnTag(key="Team", value="DataScience"),
                    CfnTag(key="Environment", value="Production"),
                ]
            },
            id="tags",
        ),
        pytest.param({"tags": {}}, {}, id="empty tags"),
        pytest.param(
            {
                "name": "prospects",
                "description": "Ours",
                "manage_resource_policies": False,
                "allow_use_as_dimension_column": True,
                "tags": {"Team": "DataScience"},
            },
            {
                "name": "prospects",
                "description": "Ours",
                "input_reference_config": UNMANAGED,
                "id_mapping_config": IdMappingConfig(allow_use_as_dimension_column=True),
                "tags": [CfnTag(key="Team", value="DataScience")],
            },
            id="full",
        ),
        pytest.param(
            {"name": Fn.import_value("Name")}, {"name": Fn.import_value("Name")}, id="token"
        ),
    ],
)
@pytest.mark.unmeasured
def test_the_resource_equals_that_of_an_l1_written_by_hand(
    arguments: dict[str, object], properties: dict[str, object], stack: Stack, associate: Associate
) -> None:
    association, l1 = associate(**arguments), by_hand(stack, **properties)
    assert resource_of(association) == resource_of(l1)
