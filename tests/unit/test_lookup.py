"""Look-ups: an association that is read while the app is synthesized."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aws_cdk import App, Aws, CfnWaitConditionHandle, Environment, Stack
from aws_cdk.assertions import Template

from cdk_cleanrooms import IdNamespaceAssociation, ILookedUpIdNamespaceAssociation
from tests.helpers import problems_of
from tests.samples import (
    ACCOUNT,
    ASSOCIATION_ARN,
    ASSOCIATION_ID,
    COLLABORATION_ID,
    MEMBERSHIP_ARN,
    MEMBERSHIP_ID,
    REGION,
)

COLLABORATION_ARN = f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:collaboration/{COLLABORATION_ID}"


def look_up(
    scope: Stack, membership: str = MEMBERSHIP_ID, association: str = ASSOCIATION_ID
) -> ILookedUpIdNamespaceAssociation:
    return IdNamespaceAssociation.from_lookup(
        scope,
        "Association",
        membership_identifier=membership,
        id_namespace_association_identifier=association,
    )


def stack_in(app: App) -> Stack:
    stack = Stack(app, "Here", env=Environment(account=ACCOUNT, region=REGION))
    CfnWaitConditionHandle(stack, "Other")  # a template cannot be empty
    return stack


def missing_context(app: App) -> list[dict[str, object]]:
    """What synthesis asks the CLI to look up."""
    outdir = Path(app.synth().directory)
    missing: list[dict[str, object]] = json.loads(
        (outdir / "manifest.json").read_text("utf-8")
    ).get("missing", [])
    return missing


def test_the_cli_is_asked_for_exactly_that_association(app: App) -> None:
    look_up(stack_in(app))
    (query,) = missing_context(app)
    assert query["provider"] == "cc-api-provider"
    props = query["props"]
    assert isinstance(props, dict)
    assert props["typeName"] == "AWS::CleanRooms::IdNamespaceAssociation"
    assert props["exactIdentifier"] == f"{ASSOCIATION_ID}|{MEMBERSHIP_ID}"
    assert (props["account"], props["region"]) == (ACCOUNT, REGION)


def test_what_the_cli_has_read_is_what_the_association_has(app: App) -> None:
    (query,) = missing_context_of_a_look_up(app)
    read = [
        {
            "Identifier": f"{ASSOCIATION_ID}|{MEMBERSHIP_ID}",
            "Name": "Kundenstämme",
            "CollaborationArn": COLLABORATION_ARN,
            "CollaborationIdentifier": COLLABORATION_ID,
        }
    ]
    other = App(context={str(query["key"]): read})
    association = look_up(stack_in(other))
    assert association.name == "Kundenstämme"
    assert association.collaboration_arn == COLLABORATION_ARN
    assert association.collaboration_identifier == COLLABORATION_ID
    assert association.membership_identifier == MEMBERSHIP_ID
    assert association.id_namespace_association_identifier == ASSOCIATION_ID
    assert missing_context(other) == []


def missing_context_of_a_look_up(app: App) -> list[dict[str, object]]:
    look_up(stack_in(app))
    return missing_context(app)


def test_a_unit_test_gets_well_formed_dummies_and_no_resource(app: App) -> None:
    stack = stack_in(app)
    association = look_up(stack)
    assert association.name == "dummy"
    assert association.collaboration_arn.endswith(association.collaboration_identifier)
    assert len(association.collaboration_identifier) == len(COLLABORATION_ID)
    assert list(Template.from_stack(stack).to_json()["Resources"]) == ["Other"]


def test_its_arns_are_those_of_the_stacks_account_and_region(app: App) -> None:
    stack = stack_in(app)
    association = look_up(stack)
    partition = {"Ref": "AWS::Partition"}
    for arn, expected in (
        (association.membership_arn, MEMBERSHIP_ARN),
        (association.id_namespace_association_arn, ASSOCIATION_ARN),
    ):
        rest = expected.removeprefix("arn:aws")
        assert stack.resolve(arn) == {"Fn::Join": ["", ["arn:", partition, rest]]}


def test_a_stack_without_an_environment_cannot_look_up(app: App) -> None:
    (problem,) = problems_of(lambda: look_up(Stack(app, "Anywhere")))
    assert problem.property == "scope"
    assert "pass env=Environment(" in problem.message


@pytest.mark.parametrize("argument", ["membership", "association"])
def test_what_is_known_only_at_deployment_cannot_be_looked_up(app: App, argument: str) -> None:
    stack = stack_in(app)
    (problem,) = problems_of(lambda: look_up(stack, **{argument: Aws.STACK_NAME}))
    assert "is only known at deployment" in problem.message


def test_all_that_is_wrong_with_a_look_up_is_told_at_once(app: App) -> None:
    problems = problems_of(lambda: look_up(Stack(app, "Anywhere"), "membership-12345", ""))
    assert [problem.property for problem in problems] == [
        "scope",
        "membership_identifier",
        "id_namespace_association_identifier",
    ]
