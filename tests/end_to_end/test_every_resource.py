"""Tests that deploy, change, adopt and destroy every resource inside a membership.

The other resources are deployed by the tests of whole collaborations and ID mappings.
"""

from __future__ import annotations

from typing import Any

import pytest

from cdk_cleanrooms._core.in_membership import InMembership
from tests.resources.samples import SAMPLES

from .cdk_app import SYNTHESIZED, CdkApp
from .resources import DEPLOYABLES, Deployable

every_resource = pytest.mark.parametrize("resource", DEPLOYABLES, ids=str)


def test_every_resource_inside_a_membership_is_deployed() -> None:
    assert {str(resource) for resource in DEPLOYABLES} == {
        str(sample) for sample in SAMPLES if issubclass(sample.construct, InMembership)
    }


SOURCE = """\
from aws_cdk import App, CfnWaitConditionHandle, Environment, Stack
from cdk_cleanrooms import {construct}

app = App()
stack = Stack(app, {stack!r}, env=Environment(account="111122223333", region="us-east-1"))
CfnWaitConditionHandle(stack, "Other")
{construct}(stack, "Resource", **{arguments!r})
app.synth()
"""


def declare(app: CdkApp, resource: Deployable, **arguments: object) -> None:
    """Write an app with the resource and another resource in one stack."""
    app.write(
        SOURCE.format(
            construct=resource.construct,
            stack=app.stack_name,
            arguments={**resource.arguments(app), **arguments},
        )
    )


def deploy(app: CdkApp) -> None:
    result = app.deploy("--method", "direct")
    assert result.status == 0, result.output


def destroy(app: CdkApp) -> None:
    result = app.destroy(*SYNTHESIZED)
    assert result.status == 0, result.output


def described(one: dict[str, Any]) -> tuple[Any, Any]:
    return one["description"], one["tags"]


@every_resource
def test_a_resource_is_created_changed_in_place_and_destroyed(
    resource: Deployable, app: CdkApp
) -> None:
    resource.prepare(app)
    before = resource.live(app)
    declare(app, resource)
    deploy(app)
    [created] = [one for one in resource.live(app) if one not in before]
    assert created["tags"] == {}

    declare(app, resource, description="Ours", tags={"Team": "Data"})
    deploy(app)
    [changed] = [one for one in resource.live(app) if one not in before]
    assert changed["id"] == created["id"]
    assert described(changed) == ("Ours", {"Team": "Data"})

    destroy(app)
    assert resource.live(app) == before


@every_resource
def test_an_adopted_resource_keeps_its_id_and_remains_after_its_stack_is_destroyed(
    resource: Deployable, app: CdkApp
) -> None:
    resource.prepare(app)
    existing = resource.create_by_hand(app)
    declare(app, resource, adopt=existing["id"])
    result = app.cdk(
        "import", app.stack_name, "--resource-mapping", f"cdk.out/{app.stack_name}.import.json"
    )
    assert result.status == 0, result.output
    assert app.stack_status() == "IMPORT_COMPLETE"
    assert existing in resource.live(app)

    declare(app, resource, adopt=existing["id"], description="Ours", tags={"Team": "Data"})
    deploy(app)
    [changed] = [one for one in resource.live(app) if one["id"] == existing["id"]]
    assert described(changed) == ("Ours", {"Team": "Data"})

    destroy(app)
    assert changed in resource.live(app)


@every_resource
def test_the_command_adopts_a_resource_by_its_name(resource: Deployable, app: CdkApp) -> None:
    resource.prepare(app)
    existing = resource.create_by_hand(app)
    declare(app, resource, adopt=True)
    result = app.adopt()
    assert result.status == 0, result.output
    assert existing in resource.live(app)
    stack = app.cloud.client("cloudformation").list_stack_resources(StackName=app.stack_name)
    identifiers = [one["PhysicalResourceId"] for one in stack["StackResourceSummaries"]]
    assert f"{existing['id']}|{app.membership}" in identifiers
