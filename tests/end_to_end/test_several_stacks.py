"""Tests of associations across stacks and in stages."""

from __future__ import annotations

import pytest
from aws_cdk import CfnOutput, Environment, Stack, Stage
from aws_cdk.aws_ssm import StringParameter

from cdk_cleanrooms import IdNamespaceAssociation
from cdk_cleanrooms.local_cloud import DeploymentFailed

from .cdk_app import CdkApp
from .test_adoption import ID_NAMESPACE


def associate(stack: Stack, app: CdkApp) -> IdNamespaceAssociation:
    return IdNamespaceAssociation(
        stack,
        "Customers",
        membership=app.membership,
        id_namespace=ID_NAMESPACE,
        name="customers",
    )


def test_a_stack_uses_an_association_of_another_and_both_are_destroyed_in_order(
    app: CdkApp,
) -> None:
    name = f"/{app.stack_name}/association"
    root = app.new_app()
    producer = Stack(root, f"{app.stack_name}Producer")
    association = associate(producer, app)
    consumer = Stack(root, f"{app.stack_name}Consumer")
    StringParameter(
        consumer,
        "Parameter",
        parameter_name=name,
        string_value=association.id_namespace_association_arn,
    )

    app.cloud.deploy(root)
    [created] = app.associations()
    parameter = app.cloud.client("ssm").get_parameter(Name=name)["Parameter"]
    assert parameter["Value"] == created["arn"]

    with pytest.raises(DeploymentFailed, match="is imported by stack"):
        app.cloud.destroy(producer)
    assert app.associations() == [created]
    for stack in (consumer, producer):
        app.cloud.destroy(stack)
    assert app.associations() == []


def test_a_stack_in_a_stage_is_deployed_and_destroyed(app: CdkApp) -> None:
    environment = Environment(account="111122223333", region="us-east-1")
    stage = Stage(app.new_app(), "Test", env=environment)
    stack = Stack(stage, app.stack_name)
    association = associate(stack, app)
    CfnOutput(stack, "Identifier", value=association.id_namespace_association_identifier)

    outputs = app.deploy(stack)
    [created] = app.associations()
    assert outputs == {"Identifier": created["id"]}
    app.deployed(f"Test-{app.stack_name}").destroy()
    assert app.associations() == []
