"""Tests of advice in messages: a value is recommended only if the text identifies it."""

from __future__ import annotations

import pytest

from tests.helpers import Associate, problems_of
from tests.samples import ASSOCIATION_ID, COLLABORATION_ID, MEMBERSHIP_ARN, MEMBERSHIP_ID

CONSOLE = "https://us-east-1.console.aws.amazon.com/cleanrooms/home#"
IN_ARN = "arn:aws:cleanrooms:us-east-1:111122223333"


@pytest.mark.parametrize(
    "text",
    [
        f"{ASSOCIATION_ID}|{MEMBERSHIP_ID}",
        f"{CONSOLE}/collaborations/{COLLABORATION_ID}",
        f"{IN_ARN}:collaboration/{COLLABORATION_ID}",
        f"{IN_ARN}:configuredtable/{COLLABORATION_ID}",
        f"collaboration/{COLLABORATION_ID}",
        f"customers {COLLABORATION_ID}",
        f"membership/{MEMBERSHIP_ID} or membership/{ASSOCIATION_ID}",
        f"{COLLABORATION_ID}-1",
    ],
)
def test_an_id_that_may_belong_to_something_else_is_not_recommended_as_a_membership(
    text: str, associate: Associate
) -> None:
    [problem] = problems_of(lambda: associate(membership=text))
    assert "use its lowercase UUID, such as" in problem.message
    assert "`aws cleanrooms list-memberships` shows it" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        f"membership/{MEMBERSHIP_ID}/idnamespaceassociation/{ASSOCIATION_ID}",
        f"{MEMBERSHIP_ARN}/idnamespaceassociation/{ASSOCIATION_ID}",
        f"idnamespaceassociation/{ASSOCIATION_ID}",
        ASSOCIATION_ID.upper(),
        f"{{{ASSOCIATION_ID}}}",
        ASSOCIATION_ID.replace("-", ""),
    ],
)
def test_the_id_of_an_association_is_found_if_the_text_identifies_it(
    text: str, associate: Associate
) -> None:
    [problem] = problems_of(lambda: associate(adopt=text))
    assert problem.message.endswith(f"use '{ASSOCIATION_ID}'")


@pytest.mark.parametrize("text", [MEMBERSHIP_ARN, f"{ASSOCIATION_ID}|{MEMBERSHIP_ID}", "customers"])
def test_a_message_without_a_recommendation_names_the_command_that_finds_the_id(
    text: str, associate: Associate
) -> None:
    [problem] = problems_of(lambda: associate(adopt=text))
    assert "`cdk-cleanrooms discover --membership <membership ID>" in problem.message


@pytest.mark.parametrize("value", [5, ["x"], 1.5, {}])
def test_an_adoption_of_the_wrong_type_gets_the_advice_to_use_the_command_or_true(
    value: object, associate: Associate
) -> None:
    [problem] = problems_of(lambda: associate(adopt=value))
    command = "cdk-cleanrooms discover --membership <membership ID>"
    assert f"`{command} --resource-type id-namespace-association` shows it" in problem.message
    assert "or True to find it by its name" in problem.message
