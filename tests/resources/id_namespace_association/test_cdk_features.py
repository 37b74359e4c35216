"""Tests that features of the CDK work with an association as with any other L2."""

from __future__ import annotations

from typing import cast

import jsii
from aws_cdk import (
    App,
    Aspects,
    CfnResource,
    IAspect,
    MissingRemovalPolicies,
    RemovalPolicies,
    RemovalPolicy,
    Resource,
    Stack,
)
from aws_cdk.assertions import Template
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation
from constructs import Construct, IConstruct

from tests.helpers import Associate, l1_of, resource_of


def test_an_association_is_a_resource_of_the_cdk(associate: Associate) -> None:
    assert Resource.is_resource(associate())


def test_the_l1_is_the_default_child_and_named_resource(associate: Associate) -> None:
    association = associate()
    assert isinstance(association.node.default_child, CfnIdNamespaceAssociation)
    assert association.node.find_child("Resource") is association.node.default_child


def test_a_property_is_overridden_through_the_default_child(associate: Associate) -> None:
    association = associate(name="customers")
    l1_of(association).add_property_override("Name", "overridden")
    assert resource_of(association)["Properties"]["Name"] == "overridden"


@jsii.implements(IAspect)
class NameInUpperCase:
    def visit(self, node: IConstruct) -> None:
        if isinstance(node, CfnIdNamespaceAssociation):
            node.name = node.name.upper()


def test_an_aspect_changes_an_association(stack: Stack, associate: Associate) -> None:
    association = associate(name="customers")
    Aspects.of(stack).add(NameInUpperCase())
    assert resource_of(association)["Properties"]["Name"] == "CUSTOMERS"


def test_a_mixin_changes_an_association(associate: Associate) -> None:
    from aws_cdk import Mixin

    class Described(Mixin):
        def supports(self, construct: IConstruct) -> bool:
            return isinstance(construct, CfnIdNamespaceAssociation)

        def apply_to(self, construct: IConstruct) -> None:
            cast(CfnIdNamespaceAssociation, construct).description = "By a mixin"

    association = associate()
    association.with_(Described())
    assert resource_of(association)["Properties"]["Description"] == "By a mixin"


def test_an_association_can_depend_on_another_resource(stack: Stack, associate: Associate) -> None:
    other = CfnResource(stack, "Other", type="AWS::CloudFormation::WaitConditionHandle")
    association = associate()
    association.node.add_dependency(other)
    assert resource_of(association)["DependsOn"] == ["Other"]


def test_another_resource_can_depend_on_an_association(stack: Stack, associate: Associate) -> None:
    other = CfnResource(stack, "Other", type="AWS::CloudFormation::WaitConditionHandle")
    association = associate()
    other.node.add_dependency(association)
    assert resource_of(other)["DependsOn"] == [stack.resolve(l1_of(association).logical_id)]


def test_another_stack_can_refer_to_an_association(
    app: App, stack: Stack, associate: Associate
) -> None:
    association = associate()
    consumer = CfnResource(
        Stack(app, "Other"),
        "Consumer",
        type="AWS::SSM::Parameter",
        properties={"Type": "String", "Value": association.id_namespace_association_arn},
    )

    value = resource_of(consumer)["Properties"]["Value"]
    (export,) = Template.from_stack(stack).to_json()["Outputs"].values()
    assert value == {"Fn::ImportValue": export["Export"]["Name"]}
    assert export["Value"] == stack.resolve(association.id_namespace_association_arn)


def test_without_a_removal_policy_cloudformation_decides(associate: Associate) -> None:
    assert not {"DeletionPolicy", "UpdateReplacePolicy"} & resource_of(associate()).keys()


def test_the_removal_policy_of_an_association_can_be_changed_later(associate: Associate) -> None:
    association = associate(removal_policy=RemovalPolicy.DESTROY)
    association.apply_removal_policy(RemovalPolicy.RETAIN)
    assert resource_of(association)["DeletionPolicy"] == "Retain"


def test_removal_policies_of_an_outer_scope_apply_to_an_association(
    stack: Stack, associate: Associate
) -> None:
    association = associate(removal_policy=RemovalPolicy.DESTROY)
    RemovalPolicies.of(stack).retain()
    assert resource_of(association)["DeletionPolicy"] == "Retain"


def test_missing_removal_policies_of_an_outer_scope_keep_the_policy_of_an_association(
    stack: Stack, associate: Associate
) -> None:
    association = associate(removal_policy=RemovalPolicy.DESTROY)
    MissingRemovalPolicies.of(stack).retain()
    assert resource_of(association)["DeletionPolicy"] == "Delete"


def test_an_association_can_be_inside_another_construct(stack: Stack, associate: Associate) -> None:
    association = associate(scope=Construct(stack, "Outer"))
    assert association.node.path == "Stack/Outer/Association"


def test_an_association_can_be_a_scope(associate: Associate) -> None:
    inner = Construct(associate(), "Inner")
    assert inner.node.path == "Stack/Association/Inner"
