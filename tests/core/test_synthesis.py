"""Tests of checks at synthesis, when only constructs in the tree count."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aws_cdk import (
    Annotations,
    App,
    Aws,
    CfnCondition,
    CfnParameter,
    CfnWaitConditionHandle,
    Environment,
    Fn,
    Stack,
    Tags,
)
from aws_cdk.aws_entityresolution import CfnIdNamespace
from aws_cdk.aws_ssm import StringParameter

from tests.helpers import Associate, l1_of, needs_cdk, warnings_of
from tests.samples import ACCOUNT, ASSOCIATION_ID, REGION

REFERS = "cdk-cleanrooms:adoptedResourceRefersToOthers"


def test_synthesis_fails_for_two_constructs_with_the_same_name(
    app: App, associate: Associate
) -> None:
    associate(id="First")
    associate(id="Second")
    message = "Stack/Second: name: 'customers' is also the name of Stack/First"
    with pytest.raises(RuntimeError, match=message):
        app.synth()


def test_synthesis_fails_for_the_same_name_in_two_stacks_of_one_app(
    app: App, associate: Associate
) -> None:
    associate(scope=Stack(app, "One"))
    associate(scope=Stack(app, "Two"))
    with pytest.raises(RuntimeError, match="is also the name of One/Association"):
        app.synth()


def test_a_name_with_a_token_is_compared_in_one_stack_only(app: App, associate: Associate) -> None:
    name = f"{Aws.STACK_NAME}-customers"
    associate(name=name)
    associate(scope=Stack(app, "Other"), name=name)
    app.synth()
    associate(id="Again", name=name)
    with pytest.raises(RuntimeError, match="is also the name of Stack/Association"):
        app.synth(force=True)


def test_two_apps_can_have_the_same_name(app: App, associate: Associate) -> None:
    associate()
    associate(scope=Stack(App(), "Stack"))
    app.synth()


def test_the_name_of_a_construct_that_was_removed_is_free(
    app: App, stack: Stack, associate: Associate
) -> None:
    associate(id="First")
    stack.node.try_remove_child("First")
    associate(id="Second")
    app.synth()


def test_two_conditional_constructs_can_have_the_same_name(
    app: App, stack: Stack, associate: Associate
) -> None:
    for number in (1, 2):
        condition = CfnCondition(
            stack, f"Is{number}", expression=Fn.condition_equals(stack.region, str(number))
        )
        l1_of(associate(id=f"Association{number}")).cfn_options.condition = condition
    app.synth()


def test_ten_associations_of_a_membership_cause_no_warning(
    stack: Stack, associate: Associate
) -> None:
    for number in range(10):
        associate(id=f"Association{number}", name=f"customers {number}")
    assert warnings_of(stack) == []


def test_the_eleventh_association_of_a_membership_causes_a_warning(
    stack: Stack, associate: Associate
) -> None:
    for number in range(11):
        associate(id=f"Association{number}", name=f"customers {number}")
    [warning] = warnings_of(stack)
    assert "more than 10 ID namespace associations in one membership" in warning


def test_associations_of_a_membership_that_is_not_looked_up_yet_do_not_count_for_the_quota(
    associate: Associate,
) -> None:
    # The CDK's own validation would refuse the placeholder.
    app = App(context={"@aws-cdk/core:validateAgainstDefaultRules": False})
    here = Stack(app, "Here", env=Environment(account=ACCOUNT, region=REGION))
    membership = StringParameter.value_from_lookup(here, "/clean-rooms/membership")
    for number in range(11):
        associate(scope=here, id=f"Association{number}", membership=membership)
    assert warnings_of(here) == []


def test_a_removed_association_does_not_count_for_the_quota(
    stack: Stack, associate: Associate
) -> None:
    for number in range(11):
        associate(id=f"Association{number}", name=f"customers {number}")
    stack.node.try_remove_child("Association3")
    assert warnings_of(stack) == []


def test_a_tag_that_was_removed_again_causes_no_warning(stack: Stack, associate: Associate) -> None:
    associate(tags={"Team": "a", "team": "b"}).remove_tag("team")
    assert warnings_of(stack) == []


def test_the_mapping_is_written_even_if_validation_is_skipped(
    app: App, associate: Associate
) -> None:
    associate(adopt=ASSOCIATION_ID)
    folder = Path(app.synth(skip_validation=True).directory)
    assert len(json.loads((folder / "Stack.import.json").read_text())) == 1


def test_a_removed_construct_adopts_nothing(app: App, stack: Stack, associate: Associate) -> None:
    associate(id="Association", adopt=ASSOCIATION_ID)
    stack.node.try_remove_child("Association")
    associate(id="Association")
    assert [*Path(app.synth().directory).glob("*.import.json")] == []


def test_a_parameter_in_the_tags_of_an_adopted_resource_causes_a_warning(
    stack: Stack, associate: Associate
) -> None:
    Tags.of(associate(adopt=ASSOCIATION_ID)).add(
        "Team", CfnParameter(stack, "Parameter").value_as_string
    )
    [warning] = warnings_of(stack)
    assert "This adopted resource refers to Stack/Parameter." in warning


def test_a_new_id_namespace_of_an_adopted_association_causes_a_warning(
    stack: Stack, associate: Associate
) -> None:
    stack.node.set_context("aws:cdk:enable-path-metadata", True)  # as the CDK CLI does
    namespace = CfnIdNamespace(stack, "IdNamespace", id_namespace_name="customers", type="SOURCE")
    associate(adopt=ASSOCIATION_ID, id_namespace=namespace)
    [warning] = warnings_of(stack)
    assert "This adopted resource refers to Stack/IdNamespace." in warning


def test_a_dependency_and_a_condition_of_an_adopted_resource_cause_a_warning(
    stack: Stack, associate: Associate
) -> None:
    stack.node.set_context("aws:cdk:enable-path-metadata", True)  # as the CDK CLI does
    association = associate(adopt=ASSOCIATION_ID, description=Fn.sub("in ${Handle} and ${!No}"))
    handle = CfnWaitConditionHandle(stack, "Handle")
    handle.override_logical_id("Handle")
    association.node.add_dependency(CfnWaitConditionHandle(stack, "Other"))
    l1_of(association).cfn_options.condition = CfnCondition(
        stack, "Condition", expression=Fn.condition_equals(stack.region, "us-east-1")
    )
    [warning] = warnings_of(stack)
    assert "refers to Stack/Condition, Stack/Handle, Stack/Other." in warning


def test_resources_adopted_together_can_refer_to_each_other(
    stack: Stack, associate: Associate
) -> None:
    first = associate(id="First", adopt=ASSOCIATION_ID)
    second = associate(id="Second", name="other", adopt=ASSOCIATION_ID[:-1] + "9")
    second.node.add_dependency(first)
    assert warnings_of(stack) == []


@needs_cdk("2.271")
def test_the_warning_about_references_can_be_acknowledged(
    stack: Stack, associate: Associate
) -> None:
    association = associate(
        adopt=ASSOCIATION_ID, tags={"Team": CfnParameter(stack, "Parameter").value_as_string}
    )
    Annotations.of(association).acknowledge_warning(REFERS)
    assert warnings_of(stack) == []
