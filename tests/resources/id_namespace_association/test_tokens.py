"""Tests that values known only at deployment are accepted everywhere."""

from __future__ import annotations

from collections.abc import Callable

import jsii
import pytest
from aws_cdk import Aws, CfnCondition, CfnParameter, Fn, IStableStringProducer, Lazy, Stack, Token

from tests.helpers import Associate, problems_of, resource_of


@jsii.implements(IStableStringProducer)
class ProducedAtSynthesis:
    def produce(self) -> str:
        return "customers"


@pytest.mark.parametrize("form", ["{}", "begins {}", "{} ends", "Is {} within", "{}{}"])
@pytest.mark.parametrize("argument", ["membership", "id_namespace", "name", "description"])
@pytest.mark.unmeasured
def test_a_string_that_contains_a_token_is_accepted(
    argument: str, form: str, stack: Stack, associate: Associate
) -> None:
    # As ordinary text, each of these strings would be too long.
    value = form.replace("{}", CfnParameter(stack, "Parameter").value_as_string) + "x" * 300
    resource = resource_of(associate(**{argument: value}))
    assert stack.resolve(value) in [
        *resource["Properties"].values(),
        *resource["Properties"]["InputReferenceConfig"].values(),
    ]


@pytest.mark.parametrize(
    "make_token",
    [
        pytest.param(lambda: Aws.REGION, id="pseudo parameter"),
        pytest.param(lambda: Fn.import_value("Name"), id="import of a value"),
        pytest.param(lambda: Fn.sub("${AWS::StackName}-name"), id="substitution"),
        pytest.param(lambda: Lazy.string(ProducedAtSynthesis()), id="lazy value"),
        pytest.param(lambda: Token.as_string({"Ref": "AWS::StackName"}), id="any token"),
    ],
)
def test_every_kind_of_token_is_accepted(
    make_token: Callable[[], str], stack: Stack, associate: Associate
) -> None:
    token = make_token()
    assert resource_of(associate(name=token))["Properties"]["Name"] == stack.resolve(token)


def test_key_and_value_of_a_tag_can_be_tokens(associate: Associate) -> None:
    tags = resource_of(associate(tags={Aws.STACK_NAME: f"in {Aws.REGION}"}))["Properties"]["Tags"]
    assert tags == [
        {
            "Key": {"Ref": "AWS::StackName"},
            "Value": {"Fn::Join": ["", ["in ", {"Ref": "AWS::Region"}]]},
        }
    ]


@pytest.fixture
def is_production(stack: Stack) -> CfnCondition:
    return CfnCondition(
        stack, "IsProduction", expression=Fn.condition_equals(Aws.REGION, "us-east-1")
    )


def test_manage_resource_policies_can_be_a_token(
    is_production: CfnCondition, associate: Associate
) -> None:
    token = Fn.condition_if(is_production.logical_id, True, False)
    reference = resource_of(associate(manage_resource_policies=token))["Properties"]
    assert reference["InputReferenceConfig"]["ManageResourcePolicies"] == {
        "Fn::If": ["IsProduction", True, False]
    }


def test_allow_use_as_dimension_column_can_be_a_token(
    is_production: CfnCondition, associate: Associate
) -> None:
    token = Fn.condition_if(is_production.logical_id, True, False)
    properties = resource_of(associate(allow_use_as_dimension_column=token))["Properties"]
    assert properties["IdMappingConfig"] == {
        "AllowUseAsDimensionColumn": {"Fn::If": ["IsProduction", True, False]}
    }


def test_text_that_only_begins_like_a_token_is_checked(associate: Associate) -> None:
    (problem,) = problems_of(lambda: associate(name="${Token[" + "x" * 100))
    assert problem.property == "name"
