"""Tests that deploy, change, adopt and destroy every resource inside a membership.

The other resources are deployed by the tests of whole collaborations and ID mappings.
"""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import CfnWaitConditionHandle, Stack

import cdk_cleanrooms
from cdk_cleanrooms._core.in_membership import InMembership
from tests.resources.samples import SAMPLES

from .cdk_app import CdkApp
from .conftest import Adopt
from .resources import DEPLOYABLES, Deployable

every_resource = pytest.mark.parametrize("resource", DEPLOYABLES, ids=str)


def test_every_resource_inside_a_membership_is_deployed() -> None:
    assert {str(resource) for resource in DEPLOYABLES} == {
        str(sample) for sample in SAMPLES if issubclass(sample.construct, InMembership)
    }


def declare(app: CdkApp, resource: Deployable, **arguments: object) -> Stack:
    """Declare the resource and another resource in a new stack."""
    stack = app.new_stack()
    CfnWaitConditionHandle(stack, "Other")
    construct = getattr(cdk_cleanrooms, resource.construct)
    construct(stack, "Resource", **{**resource.arguments(app), **arguments})
    return stack


def described(one: dict[str, Any]) -> tuple[Any, Any]:
    return one.get("description"), one["tags"]


@every_resource
def test_a_resource_is_created_changed_in_place_and_destroyed(
    resource: Deployable, app: CdkApp
) -> None:
    resource.prepare(app)
    before = resource.live(app)
    app.deploy(declare(app, resource))
    [created] = [one for one in resource.live(app) if one not in before]
    assert created["tags"] == {}

    app.deploy(declare(app, resource, **resource.change, tags={"Team": "Data"}))
    [changed] = [one for one in resource.live(app) if one not in before]
    assert changed["id"] == created["id"]
    assert described(changed) == (resource.change.get("description"), {"Team": "Data"})

    app.destroy()
    assert resource.live(app) == before


@every_resource
def test_an_adopted_resource_keeps_its_id_and_remains_after_its_stack_is_destroyed(
    resource: Deployable, app: CdkApp
) -> None:
    resource.prepare(app)
    existing = resource.create_by_hand(app)
    app.import_(declare(app, resource, adopt=existing["id"]))
    assert app.stack_status() == "IMPORT_COMPLETE"
    assert existing in resource.live(app)

    app.deploy(
        declare(app, resource, adopt=existing["id"], **resource.change, tags={"Team": "Data"})
    )
    [changed] = [one for one in resource.live(app) if one["id"] == existing["id"]]
    assert described(changed) == (resource.change.get("description"), {"Team": "Data"})

    app.destroy()
    assert changed in resource.live(app)


@every_resource
def test_the_command_adopts_a_resource_by_its_name(
    resource: Deployable, app: CdkApp, adopt: Adopt
) -> None:
    resource.prepare(app)
    existing = resource.create_by_hand(app)
    declare(app, resource, adopt=True)
    outcome = adopt()
    assert outcome.status == 0, outcome.error
    assert existing in resource.live(app)
    assert f"{existing['id']}|{app.membership}" in app.deployed().physical_ids().values()
