"""Tests of the ID mapping workflow of a table."""

from __future__ import annotations

from typing import Any

import jsii
import pytest
from aws_cdk import Resource, Stack
from aws_cdk.interfaces.aws_entityresolution import (
    IdMappingWorkflowReference,
    IIdMappingWorkflowRef,
)

from tests.helpers import problems_of, resource_of
from tests.resources.samples.id_mapping_table import workflow
from tests.samples import ID_MAPPING_WORKFLOW_ARN, ID_NAMESPACE_ARN

from .conftest import MapIds


def workflow_of(table: Any) -> Any:
    return resource_of(table)["Properties"]["InputReferenceConfig"]["InputReferenceArn"]


@jsii.implements(IIdMappingWorkflowRef)
class Workflow(Resource):
    """A workflow of which the CDK knows only the name."""

    @property
    def id_mapping_workflow_ref(self) -> IdMappingWorkflowReference:
        return IdMappingWorkflowReference(workflow_name="customers")


@jsii.implements(IIdMappingWorkflowRef)
class WorkflowWithArn(Workflow):
    """A workflow that has its ARN as an attribute, like the construct of this library."""

    id_mapping_workflow_arn = ID_MAPPING_WORKFLOW_ARN


def test_the_arn_of_a_workflow_is_used_unchanged(map_ids: MapIds) -> None:
    table = map_ids(id_mapping_workflow=ID_MAPPING_WORKFLOW_ARN)
    assert workflow_of(table) == ID_MAPPING_WORKFLOW_ARN


def test_the_arn_of_an_l1_is_read(stack: Stack, map_ids: MapIds) -> None:
    table = map_ids(id_mapping_workflow=workflow(stack))
    assert workflow_of(table) == {"Fn::GetAtt": ["Workflow", "WorkflowArn"]}


def test_the_arn_of_a_construct_is_read(stack: Stack, map_ids: MapIds) -> None:
    table = map_ids(id_mapping_workflow=WorkflowWithArn(stack, "Workflow"))
    assert workflow_of(table) == ID_MAPPING_WORKFLOW_ARN


def test_a_workflow_known_by_its_name_is_in_the_account_and_region_of_the_table(
    stack: Stack, map_ids: MapIds
) -> None:
    arn = stack.format_arn(
        service="entityresolution", resource="idmappingworkflow", resource_name="customers"
    )
    table = map_ids(id_mapping_workflow=Workflow(stack, "Workflow"))
    assert workflow_of(table) == stack.resolve(arn)


def test_the_name_of_a_workflow_can_have_255_characters(map_ids: MapIds) -> None:
    longest = ID_MAPPING_WORKFLOW_ARN.replace("customers", "c" * 255)
    assert workflow_of(map_ids(id_mapping_workflow=longest)) == longest
    (problem,) = problems_of(lambda: map_ids(id="Longer", id_mapping_workflow=longest + "c"))
    assert problem.property == "id_mapping_workflow"


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "",
        "customers",
        ID_NAMESPACE_ARN,
        f"{ID_MAPPING_WORKFLOW_ARN}/x",
        ID_MAPPING_WORKFLOW_ARN.replace(":aws:", ":aws-cn:"),
    ],
)
def test_text_that_is_not_the_arn_of_a_workflow_is_a_problem(
    wrong: object, map_ids: MapIds
) -> None:
    (problem,) = problems_of(lambda: map_ids(id_mapping_workflow=wrong))
    assert (problem.property, problem.value) == ("id_mapping_workflow", wrong)


def test_an_id_namespace_is_not_a_workflow(stack: Stack, map_ids: MapIds) -> None:
    from aws_cdk.aws_entityresolution import CfnIdNamespace

    id_namespace = CfnIdNamespace(stack, "N", id_namespace_name="customers", type="SOURCE")
    (problem,) = problems_of(lambda: map_ids(id_mapping_workflow=id_namespace))
    assert problem.property == "id_mapping_workflow"
