"""Functions that declare resources of Entity Resolution with valid arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_cdk import Stack

from cdk_cleanrooms import (
    IdMappingWorkflow,
    IdNamespace,
    MatchingWorkflow,
    MatchingWorkflowOutput,
    SchemaInputAttribute,
    SchemaMapping,
    TableInput,
)
from tests.helpers import problems_of
from tests.samples import ACCOUNT, REGION

TABLE_ARN = f"arn:aws:glue:{REGION}:{ACCOUNT}:table/crm/customers"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/EntityResolution"
WORKFLOW_ARN = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:matchingworkflow/subscribers"
FIELDS = [
    SchemaInputAttribute(field_name="id", type="UNIQUE_ID"),
    SchemaInputAttribute(field_name="email", type="EMAIL_ADDRESS", match_key="Email"),
]


def messages_of(refused: Callable[[], object]) -> list[str]:
    return [f"{problem.property}: {problem.message}" for problem in problems_of(refused)]


def schema_mapping(stack: Stack, id: str = "Schema", **arguments: Any) -> SchemaMapping:
    good: dict[str, Any] = {"name": "customers", "mapped_input_fields": FIELDS}
    return SchemaMapping(stack, id, **good | arguments)


def table_input(**values: Any) -> TableInput:
    good: dict[str, Any] = {
        "table": TABLE_ARN,
        "schema_mapping": "customers",
        "bucket": "crm-data",
        "prefix": "customers",
    }
    return TableInput(**good | values)


def output(**values: Any) -> MatchingWorkflowOutput:
    good: dict[str, Any] = {"bucket": "matched-data", "prefix": "matched/", "columns": ["id"]}
    return MatchingWorkflowOutput(**good | values)


def matching_workflow(stack: Stack, id: str = "Matching", **arguments: Any) -> MatchingWorkflow:
    good: dict[str, Any] = {
        "name": "subscribers",
        "inputs": [table_input()],
        "output": output(),
        "rules": {"Email": ["Email"]},
    }
    return MatchingWorkflow(stack, id, **good | arguments)


def source(stack: Stack, id: str = "Source", **arguments: Any) -> IdNamespace:
    good: dict[str, Any] = {"name": "customers", "inputs": [table_input()]}
    return IdNamespace.source(stack, id, **good | arguments)


def target(stack: Stack, id: str = "Target", **arguments: Any) -> IdNamespace:
    good: dict[str, Any] = {"name": "subscribers"}
    if "matching_workflow" not in arguments:
        good["matching_workflow"] = matching_workflow(stack, f"{id}Matching")
    return IdNamespace.target(stack, id, **good | arguments)


def id_mapping_workflow(stack: Stack, id: str = "Workflow", **arguments: Any) -> IdMappingWorkflow:
    good: dict[str, Any] = {"name": "customers-to-subscribers"}
    for side, declare in (("source", source), ("target", target)):
        if side not in arguments:
            good[side] = declare(stack, f"{id}{side.title()}")
    return IdMappingWorkflow(stack, id, **good | arguments)
