"""Tests that an ID namespace must be in the stack's account and Region."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from aws_cdk import App, Environment, NestedStack, Stack, Stage
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation
from aws_cdk.aws_entityresolution import CfnIdNamespace
from aws_cdk.aws_iam import Role
from constructs import Construct

from cdk_cleanrooms import IdNamespaceAssociation
from tests.helpers import Associate, l1_of, problems_of
from tests.samples import ACCOUNT, ID_NAMESPACE_ARN, REGION

HERE = Environment(account=ACCOUNT, region=REGION)
ELSEWHERE = ID_NAMESPACE_ARN.replace(REGION, "eu-west-1")
OF_ANOTHER_ACCOUNT = ID_NAMESPACE_ARN.replace(ACCOUNT, "444455556666")


def id_namespace_of(association: IdNamespaceAssociation) -> str:
    config = l1_of(association).input_reference_config
    assert isinstance(
        config,
        CfnIdNamespaceAssociation.IdNamespaceAssociationInputReferenceConfigProperty,
    )
    return config.input_reference_arn


@pytest.fixture
def stack(app: App) -> Stack:
    return Stack(app, "Stack", env=HERE)


def test_an_id_namespace_of_the_stacks_account_and_region_is_accepted(associate: Associate) -> None:
    association = associate(id_namespace=ID_NAMESPACE_ARN)
    assert id_namespace_of(association) == ID_NAMESPACE_ARN


def test_an_id_namespace_of_another_account_is_refused(associate: Associate) -> None:
    (problem,) = problems_of(lambda: associate(id_namespace=OF_ANOTHER_ACCOUNT))
    assert (problem.property, problem.value) == ("id_namespace", OF_ANOTHER_ACCOUNT)
    assert "is in account 444455556666" in problem.message
    assert f"use the ARN of one in {ACCOUNT}" in problem.message


def test_an_id_namespace_of_another_region_is_refused(associate: Associate) -> None:
    (problem,) = problems_of(lambda: associate(id_namespace=ELSEWHERE))
    assert (problem.property, problem.value) == ("id_namespace", ELSEWHERE)
    assert "is in Region eu-west-1" in problem.message
    assert f"use the ARN of one in {REGION}" in problem.message


def test_account_and_region_are_reported_together(associate: Associate) -> None:
    neither = ELSEWHERE.replace(ACCOUNT, "444455556666")
    of_account, of_region = problems_of(lambda: associate(id_namespace=neither))
    assert "account 444455556666" in of_account.message
    assert "Region eu-west-1" in of_region.message


def test_an_imported_id_namespace_of_another_region_is_refused(
    stack: Stack, associate: Associate
) -> None:
    imported = CfnIdNamespace.from_id_namespace_arn(stack, "IdNamespace", ELSEWHERE)
    (problem,) = problems_of(lambda: associate(id_namespace=imported))
    assert problem.property == "id_namespace"


@pytest.mark.parametrize("id_namespace", [ELSEWHERE, OF_ANOTHER_ACCOUNT])
def test_a_stack_for_any_environment_accepts_any_id_namespace(
    id_namespace: str, app: App, associate: Associate
) -> None:
    anywhere = Stack(app, "Anywhere")
    assert id_namespace_of(associate(scope=anywhere, id_namespace=id_namespace)) == id_namespace


def test_a_stack_for_any_account_accepts_an_id_namespace_of_any_account(
    app: App, associate: Associate
) -> None:
    of_any_account = Stack(app, "AnyAccount", env=Environment(region=REGION))
    association = associate(scope=of_any_account, id_namespace=OF_ANOTHER_ACCOUNT)
    assert id_namespace_of(association) == OF_ANOTHER_ACCOUNT


def test_a_stack_for_any_account_refuses_an_id_namespace_of_another_region(
    app: App, associate: Associate
) -> None:
    of_any_account = Stack(app, "AnyAccount", env=Environment(region=REGION))
    (problem,) = problems_of(lambda: associate(scope=of_any_account, id_namespace=ELSEWHERE))
    assert problem.property == "id_namespace"


def in_a_construct(app: App) -> Construct:
    return Construct(Stack(app, "AroundConstruct", env=HERE), "Construct")


def in_a_nested_stack(app: App) -> Construct:
    return NestedStack(Stack(app, "AroundNestedStack", env=HERE), "NestedStack")


def in_a_stage(app: App) -> Construct:
    return Stack(Stage(app, "Stage", env=HERE), "InStage")


@pytest.mark.parametrize("make_scope", [in_a_construct, in_a_nested_stack, in_a_stage])
def test_the_environment_is_that_of_the_stack_around_the_association(
    make_scope: Callable[[App], Construct], app: App, associate: Associate
) -> None:
    scope = make_scope(app)
    (problem,) = problems_of(lambda: associate(scope=scope, id_namespace=ELSEWHERE))
    assert problem.property == "id_namespace"


def test_a_scope_that_only_the_cdk_recognizes_is_left_to_the_cdk(
    stack: Stack, associate: Associate
) -> None:
    # In Python, an import of the CDK has no class of its own. `python -O` accepts it as a scope.
    imported = Role.from_role_arn(stack, "Role", f"arn:aws:iam::{ACCOUNT}:role/Analyst")
    with pytest.raises(TypeError, match="argument scope"):
        associate(scope=imported)


def test_stacks_of_different_regions_each_accept_their_own_id_namespace(
    app: App, associate: Associate
) -> None:
    scopes = {
        id_namespace: Construct(
            Stack(app, f"In-{region}", env=Environment(account=ACCOUNT, region=region)), "Construct"
        )
        for region, id_namespace in ((REGION, ID_NAMESPACE_ARN), ("eu-west-1", ELSEWHERE))
    }
    for name in ("First", "Second"):
        for id_namespace, scope in scopes.items():
            association = associate(scope=scope, id=name, id_namespace=id_namespace)
            assert id_namespace_of(association) == id_namespace
