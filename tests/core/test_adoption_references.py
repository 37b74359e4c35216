"""Tests of references of an adopted resource, which its import cannot resolve."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import App, CfnParameter, CfnResource, Stack
from aws_cdk.aws_entityresolution import CfnIdNamespace
from constructs import Construct

from tests.helpers import Associate, l1_of, warnings_of
from tests.samples import ASSOCIATION_ID


def test_an_element_without_a_construct_is_named_by_its_logical_id(
    tmp_path: Path, associate: Associate
) -> None:
    # A new app, without the validation that would refuse such a template.
    stack = Stack(App(outdir=str(tmp_path / "other")), "Stack")
    association = associate(scope=stack, adopt=ASSOCIATION_ID)
    l1_of(association).add_override("DependsOn", "Elsewhere")
    (warning,) = warnings_of(stack)
    assert warning.startswith("This adopted resource refers to Elsewhere.")


def test_an_element_of_another_stack_with_the_same_logical_id_is_ignored(
    stack: Stack, associate: Associate
) -> None:
    other = CfnParameter(stack, "Other")
    inner = Stack(stack, "Inner")
    CfnParameter(inner, "Other")
    CfnResource(inner, "Resource", type="AWS::CloudFormation::WaitConditionHandle")
    associate(adopt=ASSOCIATION_ID, tags={"Other": other.value_as_string})
    (warning,) = warnings_of(stack)
    assert warning.startswith("This adopted resource refers to Stack/Other.")


def test_a_resource_is_named_by_its_logical_id_if_the_template_does_not_have_its_path(
    stack: Stack, associate: Associate
) -> None:
    namespace = CfnIdNamespace(
        Construct(stack, "In"), "Ours", id_namespace_name="ours", type="SOURCE"
    )
    associate(adopt=ASSOCIATION_ID, id_namespace=namespace)
    (warning,) = warnings_of(stack)
    logical_id = stack.resolve(namespace.logical_id)
    assert warning.startswith(f"This adopted resource refers to {logical_id}.")
