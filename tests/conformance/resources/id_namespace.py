"""An ID namespace."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack

from cdk_cleanrooms._core.types import ID_NAMESPACE
from cdk_cleanrooms.entity_resolution.tables import TableInput, table_inputs_rule
from tests.resources.samples.id_namespace import SAMPLE

from .. import entity_resolution, strategies
from ..properties import Property, Resource


def _of_an_input(part: str, values: Any, path: str) -> Property:
    good: dict[str, Any] = {
        "table": "arn:aws:glue:us-east-1:111122223333:table/crm/customers",
        "schema_mapping": "customers",
    }
    return Property(
        f"input's {part}",
        lambda name, value: table_inputs_rule(Stack(), role_is_given=True)(
            name, [TableInput(**{**good, part: value})]
        ),
        values,
        f"InputSourceConfig[].{path}",
        is_argument=False,
    )


RESOURCE = Resource(
    SAMPLE,
    entity_resolution.name_of(ID_NAMESPACE),
    *entity_resolution.COMMON,
    entity_resolution.ROLE,
    _of_an_input("table", strategies.glue_table_arns, "InputSourceARN"),
    _of_an_input("schema_mapping", strategies.entity_resolution_names, "SchemaName"),
    *entity_resolution.rules_at("IdMappingWorkflowProperties[].RuleBasedProperties.Rules[]"),
)
