"""Tests of the key that encrypts a table, and of its policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_kms import Alias, CfnKey, Key

from tests.helpers import problems_of, resource_of
from tests.samples import KEY_ARN

from .conftest import MapIds

FOR_CLEAN_ROOMS = {
    "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
    "Effect": "Allow",
    "Principal": {"Service": "cleanrooms.amazonaws.com"},
    "Resource": "*",
}


def key_of(table: Any) -> Any:
    return resource_of(table)["Properties"]["KmsKeyArn"]


def statements_of(stack: Stack) -> list[Any]:
    (key,) = Template.from_stack(stack).find_resources("AWS::KMS::Key").values()
    statements: list[Any] = key["Properties"]["KeyPolicy"]["Statement"]
    return statements


def test_the_policy_of_a_key_of_the_app_allows_clean_rooms_to_use_it(
    stack: Stack, map_ids: MapIds
) -> None:
    key = Key(stack, "Key")
    assert key_of(map_ids(encryption_key=key)) == stack.resolve(key.key_arn)
    assert FOR_CLEAN_ROOMS in statements_of(stack)


def test_the_policy_names_clean_rooms_once_for_two_tables(stack: Stack, map_ids: MapIds) -> None:
    key = Key(stack, "Key")
    map_ids(id="One", encryption_key=key)
    map_ids(id="Two", name="visitors", encryption_key=key)
    assert statements_of(stack).count(FOR_CLEAN_ROOMS) == 1


def test_a_key_of_another_stack_allows_clean_rooms_to_use_it_too(app: App, map_ids: MapIds) -> None:
    elsewhere = Stack(app, "Keys")
    table = map_ids(encryption_key=Key(elsewhere, "Key"))
    assert "Fn::ImportValue" in key_of(table)
    assert FOR_CLEAN_ROOMS in statements_of(elsewhere)


def test_the_policy_of_an_l1_key_is_not_changed(stack: Stack, map_ids: MapIds) -> None:
    policy = {"Version": "2012-10-17", "Statement": []}
    key = CfnKey(stack, "Key", key_policy=policy)
    assert key_of(map_ids(encryption_key=key)) == {"Fn::GetAtt": ["Key", "Arn"]}
    assert statements_of(stack) == []


def test_the_policy_of_an_l1_key_that_was_turned_into_a_key_allows_it_too(
    stack: Stack, map_ids: MapIds
) -> None:
    policy = {"Version": "2012-10-17", "Statement": []}
    key = Key.from_cfn_key(CfnKey(stack, "Key", key_policy=policy))
    assert key_of(map_ids(encryption_key=key)) == {"Fn::GetAtt": ["Key", "Arn"]}
    assert statements_of(stack) == [FOR_CLEAN_ROOMS]


def an_alias_of_the_app(stack: Stack) -> Any:
    return Alias(stack, "Alias", alias_name="customers", target_key=Key(stack, "Key"))


def an_imported_alias(stack: Stack) -> Any:
    return Alias.from_alias_name(stack, "Alias", "alias/customers")


@pytest.mark.parametrize("make", [an_alias_of_the_app, an_imported_alias])
def test_an_alias_is_a_problem(make: Callable[[Stack], Any], stack: Stack, map_ids: MapIds) -> None:
    alias = make(stack)
    (problem,) = problems_of(lambda: map_ids(encryption_key=alias))
    assert (problem.property, problem.value) == ("encryption_key", alias)
    assert "the construct 'Stack/Alias' is an alias" in problem.message


def test_an_imported_key_has_no_policy_in_the_template(stack: Stack, map_ids: MapIds) -> None:
    key = Key.from_key_arn(stack, "Key", KEY_ARN)
    assert key_of(map_ids(encryption_key=key)) == KEY_ARN
    Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 0)


def test_the_arn_of_a_key_can_have_2048_characters(map_ids: MapIds) -> None:
    longest = KEY_ARN.ljust(2048, "k")
    assert key_of(map_ids(encryption_key=longest)) == longest


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "customers",
        "alias/customers",
        KEY_ARN.replace("key/", "alias/"),
        KEY_ARN.replace("kms", "s3"),
        f"{KEY_ARN}\n",
        KEY_ARN.ljust(2049, "k"),
        1,
    ],
)
def test_text_that_is_not_the_arn_of_a_key_is_a_problem(wrong: object, map_ids: MapIds) -> None:
    (problem,) = problems_of(lambda: map_ids(encryption_key=wrong))
    assert (problem.property, problem.value) == ("encryption_key", wrong)
