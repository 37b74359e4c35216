"""Tests of references of an adopted resource, which its import cannot resolve."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import App, CfnResource, Stack

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
    association = associate(adopt=ASSOCIATION_ID)
    own = CfnResource(stack, "Other", type="AWS::CloudFormation::WaitConditionHandle")
    inner = Stack(stack, "Inner")
    CfnResource(inner, "Other", type="AWS::CloudFormation::WaitConditionHandle")
    association.node.add_dependency(own)
    (warning,) = warnings_of(stack)
    assert warning.startswith("This adopted resource refers to Stack/Other.")
