"""Tests of tags: at construction, changed later, and combined with tags of outer scopes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import Annotations, CfnTag, Stack, Tags
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation

from cdk_cleanrooms import IdNamespaceAssociation
from tests.helpers import Associate, needs_cdk, problems_of, resource_of, warnings_of
from tests.samples import ID_NAMESPACE_ARN, MEMBERSHIP_ID

ITS_TYPE = CfnIdNamespaceAssociation.CFN_RESOURCE_TYPE_NAME
DIFFER_ONLY_IN_CASE = "cdk-cleanrooms:tagKeysDifferOnlyInCase"


def tags_of(association: IdNamespaceAssociation) -> dict[str, str]:
    tags = resource_of(association)["Properties"].get("Tags", [])
    assert len({tag["Key"] for tag in tags}) == len(tags), "a key is there twice"
    return {tag["Key"]: tag["Value"] for tag in tags}


def test_an_added_tag_takes_precedence_over_a_tag_of_an_outer_scope(
    stack: Stack, associate: Associate
) -> None:
    association = associate()
    association.add_tag("Team", "DataScience")
    Tags.of(stack).add("Team", "Marketing")
    assert tags_of(association) == {"Team": "DataScience"}


def test_an_added_tag_is_removed(associate: Associate) -> None:
    association = associate()
    association.add_tag("Team", "DataScience")
    association.remove_tag("Team")
    assert tags_of(association) == {}


def test_a_tag_of_an_outer_scope_is_removed(stack: Stack, associate: Associate) -> None:
    Tags.of(stack).add("Team", "DataScience")
    association = associate()
    association.remove_tag("Team")
    assert tags_of(association) == {}


def test_adding_a_tag_again_changes_its_value(associate: Associate) -> None:
    association = associate()
    association.remove_tag("Team")
    association.add_tag("Team", "Marketing")
    association.add_tag("Team", "DataScience")
    assert tags_of(association) == {"Team": "DataScience"}


def test_a_tag_that_was_added_again_can_be_removed_again(associate: Associate) -> None:
    association = associate()
    association.remove_tag("Team")
    association.add_tag("Team", "DataScience")
    association.remove_tag("Team")
    assert tags_of(association) == {}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda tags: tags.add("Team", "Outer"), id="added"),
        pytest.param(lambda tags: tags.add("Team", "Outer", priority=10), id="added weakly"),
        pytest.param(lambda tags: tags.add("Owner", "Outer"), id="another added"),
        pytest.param(
            lambda tags: tags.add("Team", "Outer", include_resource_types=[ITS_TYPE]),
            id="added to its type",
        ),
        pytest.param(
            lambda tags: tags.add("Team", "Outer", exclude_resource_types=[ITS_TYPE]),
            id="added to other types",
        ),
        pytest.param(lambda tags: tags.remove("Team"), id="removed"),
        pytest.param(lambda tags: tags.remove("Team", priority=10), id="removed weakly"),
    ],
)
def test_tags_of_an_outer_scope_have_the_same_effect_as_on_an_l1(
    change: Callable[[Tags], None], stack: Stack, associate: Associate
) -> None:
    association = associate(tags={"Team": "Inner", "Stage": "Test"})
    l1 = CfnIdNamespaceAssociation(
        stack,
        "ByHand",
        membership_identifier=MEMBERSHIP_ID,
        input_reference_config={
            "inputReferenceArn": ID_NAMESPACE_ARN,
            "manageResourcePolicies": True,
        },
        name="customers",
        tags=[CfnTag(key="Team", value="Inner"), CfnTag(key="Stage", value="Test")],
    )

    change(Tags.of(stack))

    assert resource_of(association) == resource_of(l1)


@pytest.mark.parametrize(
    ("key", "value", "argument"),
    [
        ("", "v", "key"),
        ("k" * 129, "v", "key"),
        ("aws:k", "v", "key"),
        ("\ud800", "v", "key"),
        (None, "v", "key"),
        (1, "v", "key"),
        (["k"], "v", "key"),
        ({"k": "v"}, "v", "key"),
        ("k", "", "value"),
        ("k", "v" * 257, "value"),
        ("k", "\udfff", "value"),
        ("k", None, "value"),
        ("k", 1, "value"),
    ],
)
def test_a_tag_that_aws_would_refuse_is_refused_when_it_is_added(
    key: Any, value: Any, argument: str, associate: Associate
) -> None:
    association = associate()
    (problem,) = problems_of(lambda: association.add_tag(key, value))
    assert problem.property == argument
    assert problem.value == (key if argument == "key" else value)


def test_key_and_value_of_an_added_tag_are_reported_together(associate: Associate) -> None:
    association = associate()
    problems = problems_of(lambda: association.add_tag("aws:k", ""))
    assert [problem.property for problem in problems] == ["key", "value"]


def test_a_refused_tag_is_not_added(associate: Associate) -> None:
    association = associate()
    problems_of(lambda: association.add_tag("Team", ""))
    assert tags_of(association) == {}


def test_the_error_about_a_tag_contains_the_path_of_the_association(associate: Associate) -> None:
    association = associate()
    with pytest.raises(ValueError, match=r"^Stack/Association: 1 problem\n  key: "):
        association.add_tag("aws:k", "v")


@pytest.mark.parametrize("key", ["", "k" * 129, "aws:k", None, 1, ["k"]])
def test_an_invalid_key_cannot_be_removed(key: Any, associate: Associate) -> None:
    association = associate()
    (problem,) = problems_of(lambda: association.remove_tag(key))
    assert (problem.property, problem.value) == ("key", key)


@pytest.fixture
def fully_tagged(associate: Associate) -> IdNamespaceAssociation:
    return associate(tags={f"Key{number}": "Value" for number in range(50)})


def test_the_fifty_first_tag_is_refused(fully_tagged: IdNamespaceAssociation) -> None:
    (problem,) = problems_of(lambda: fully_tagged.add_tag("Key50", "Value"))
    assert "51 tags are more than the 50" in problem.message


def test_the_fiftieth_tag_is_accepted(associate: Associate) -> None:
    association = associate(tags={f"Key{number}": "Value" for number in range(49)})
    association.add_tag("Key49", "Value")
    assert len(tags_of(association)) == 50


def test_the_value_of_one_of_fifty_tags_can_change(fully_tagged: IdNamespaceAssociation) -> None:
    fully_tagged.add_tag("Key0", "Changed")
    assert tags_of(fully_tagged)["Key0"] == "Changed"


def test_one_of_fifty_tags_can_be_removed_to_add_another(
    fully_tagged: IdNamespaceAssociation,
) -> None:
    fully_tagged.remove_tag("Key0")
    fully_tagged.add_tag("Key50", "Value")
    assert len(tags_of(fully_tagged)) == 50


def test_keys_that_differ_only_in_case_cause_a_warning(stack: Stack, associate: Associate) -> None:
    associate(tags={"Team": "A", "team": "B", "Stage": "Test"})
    (warning,) = warnings_of(stack)
    assert warning.startswith("The tag keys Team, team differ only in case")
    assert warning.endswith(f"[ack: {DIFFER_ONLY_IN_CASE}]")


def test_an_added_key_that_differs_only_in_case_causes_a_warning(
    stack: Stack, associate: Associate
) -> None:
    associate(tags={"Team": "A"}).add_tag("TEAM", "B")
    (warning,) = warnings_of(stack)
    assert warning.startswith("The tag keys TEAM, Team differ only in case")


def test_the_same_warning_is_added_once(stack: Stack, associate: Associate) -> None:
    association = associate(tags={"Team": "A", "team": "B"})
    association.add_tag("Stage", "Test")
    assert len(warnings_of(stack)) == 1


def test_keys_that_differ_in_more_than_case_cause_no_warning(
    stack: Stack, associate: Associate
) -> None:
    associate(tags={"Team": "A", "Teams": "B"})
    assert warnings_of(stack) == []


def test_a_key_that_replaces_one_of_another_case_causes_no_warning(
    stack: Stack, associate: Associate
) -> None:
    association = associate(tags={"team": "A"})
    association.remove_tag("team")
    association.add_tag("Team", "A")
    assert warnings_of(stack) == []


@needs_cdk("2.271")
def test_a_warning_can_be_acknowledged_for_one_association(
    stack: Stack, associate: Associate
) -> None:
    association = associate(tags={"Team": "A", "team": "B"})
    Annotations.of(association).acknowledge_warning(DIFFER_ONLY_IN_CASE)
    assert warnings_of(stack) == []


def test_a_warning_can_be_acknowledged_for_a_stack(stack: Stack, associate: Associate) -> None:
    Annotations.of(stack).acknowledge_warning(DIFFER_ONLY_IN_CASE)
    associate(tags={"Team": "A", "team": "B"})
    assert warnings_of(stack) == []
