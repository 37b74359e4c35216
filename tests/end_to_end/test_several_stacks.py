"""Tests of associations across stacks and in stages."""

from __future__ import annotations

from .cdk_app import SYNTHESIZED, CdkApp

TWO_STACKS = """\
from aws_cdk import App, Stack
from aws_cdk.aws_ssm import StringParameter
from cdk_cleanrooms import IdNamespaceAssociation

app = App()
producer = Stack(app, "{stack}Producer")
association = IdNamespaceAssociation(
    producer,
    "Customers",
    membership="{membership}",
    id_namespace="arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers",
    name="customers",
)
consumer = Stack(app, "{stack}Consumer")
StringParameter(
    consumer,
    "Parameter",
    parameter_name="/{stack}/association",
    string_value=association.id_namespace_association_arn,
)
app.synth()
"""

STAGE = """\
from aws_cdk import App, CfnOutput, Environment, Stack, Stage
from cdk_cleanrooms import IdNamespaceAssociation

app = App()
stage = Stage(app, "Test", env=Environment(account="111122223333", region="us-east-1"))
stack = Stack(stage, "{stack}")
association = IdNamespaceAssociation(
    stack,
    "Customers",
    membership="{membership}",
    id_namespace="arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers",
    name="customers",
)
CfnOutput(stack, "Identifier", value=association.id_namespace_association_identifier)
app.synth()
"""


def test_a_stack_uses_an_association_of_another_and_both_are_destroyed_in_order(
    app: CdkApp,
) -> None:
    app.write(TWO_STACKS.format(stack=app.stack_name, membership=app.membership))
    result = app.deploy("--all")
    assert result.status == 0, result.output
    [created] = app.associations()
    name = f"/{app.stack_name}/association"
    parameter = app.cloud.client("ssm").get_parameter(Name=name)["Parameter"]
    assert parameter["Value"] == created["arn"]

    result = app.destroy("--all", *SYNTHESIZED)
    assert result.status == 0, result.output
    consumer, producer = (f"{app.stack_name}{part}: destroyed" for part in ("Consumer", "Producer"))
    assert result.output.index(consumer) < result.output.index(producer)
    assert app.associations() == []


def test_a_stack_in_a_stage_is_deployed_and_destroyed(app: CdkApp) -> None:
    app.write(STAGE.format(stack=app.stack_name, membership=app.membership))
    outputs = app.deployed_outputs("Test/*")
    [created] = app.associations()
    assert outputs == {f"Test-{app.stack_name}": {"Identifier": created["id"]}}
    result = app.destroy("Test/*", *SYNTHESIZED)
    assert result.status == 0, result.output
    assert app.associations() == []
