"""Tests that a forgotten flag or a wrong order of commands does not lose resources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import CfnWaitConditionHandle

from tests.apps import run_app
from tests.stacks import StackFailedError

from .cdk_app import CdkApp
from .test_adoption import ID_NAMESPACE, declare, made_by_hand

ROOT = Path(__file__).parents[2]


def test_the_sample_app_retains_an_adopted_association_if_a_later_deployment_omits_the_flag(
    app: CdkApp,
) -> None:
    existing = made_by_hand(app)
    settings: dict[str, Any] = {
        "membership": app.membership,
        "id_namespace": ID_NAMESPACE,
        "name": "customers",
        "description": None,
        "tags": None,
    }
    deployed = app.deployed()

    context = {**settings, "adopt": existing["id"]}
    adopting = run_app(ROOT, app.folder, context)["CleanRoomsSample"]
    mapping = (app.folder / "CleanRoomsSample.import.json").read_text("utf-8")
    deployed.import_(adopting, json.loads(mapping))
    assert deployed.status() == "IMPORT_COMPLETE"
    deployed.deploy(adopting)

    deployed.deploy(run_app(ROOT, app.folder, settings)["CleanRoomsSample"])
    deployed.destroy()
    assert app.associations() == [existing]


def test_a_stack_deployed_before_the_import_is_destroyed_first_and_then_imports(
    app: CdkApp,
) -> None:
    existing = made_by_hand(app)
    stack = declare(app, adopt=existing["id"]).stack
    with pytest.raises(StackFailedError, match="HandlerErrorCode: AlreadyExists"):
        app.deploy(stack)
    assert app.stack_status() == "ROLLBACK_COMPLETE"

    mapping = f"cdk.out/{app.stack_name}.import.json"
    result = app.cdk("import", app.stack_name, "--resource-mapping", mapping)
    assert result.status == 0
    assert "no new resources compared to the currently deployed stack" in result.output
    assert app.stack_status() == "ROLLBACK_COMPLETE"

    app.destroy()
    assert app.associations() == [existing]

    app.import_(stack)
    assert app.stack_status() == "IMPORT_COMPLETE"
    assert app.associations() == [existing]


def test_a_stack_updated_before_the_import_rolls_back_and_then_imports(app: CdkApp) -> None:
    stack = app.new_stack()
    CfnWaitConditionHandle(stack, "Other")
    app.deploy(stack)
    existing = made_by_hand(app)
    stack = declare(app, adopt=existing["id"]).stack
    CfnWaitConditionHandle(stack, "Other")
    with pytest.raises(StackFailedError, match="HandlerErrorCode: AlreadyExists"):
        app.deploy(stack)
    assert app.stack_status() == "UPDATE_ROLLBACK_COMPLETE"

    app.import_(stack)
    assert app.stack_status() == "IMPORT_COMPLETE"
    assert app.associations() == [existing]


def test_an_import_that_fails_leaves_the_stack_as_it_was_and_can_be_repeated(app: CdkApp) -> None:
    existing = made_by_hand(app)
    wrong = existing["id"][:-4] + ("0000" if existing["id"][-4:] != "0000" else "1111")
    with pytest.raises(StackFailedError, match="does not exist"):
        app.import_(declare(app, adopt=wrong).stack)
    assert app.associations() == [existing]

    app.import_(declare(app, adopt=existing["id"]).stack)
    assert app.stack_status() == "IMPORT_COMPLETE"
    assert app.associations() == [existing]


def test_an_adopted_association_moves_to_another_stack(app: CdkApp) -> None:
    existing = made_by_hand(app)
    app.import_(declare(app, adopt=existing["id"]).stack)

    first = app.stack_name
    app.stack_name = f"{first}Second"
    second = declare(app, adopt=existing["id"]).stack
    owner = f"already exists in stack arn:aws:cloudformation:us-east-1:{app.cloud.account}"
    with pytest.raises(StackFailedError, match=owner):
        app.import_(second)

    app.stack_name = first
    stack = app.new_stack()
    CfnWaitConditionHandle(stack, "Other")
    app.deploy(stack)
    assert app.associations() == [existing]

    app.stack_name = f"{first}Second"
    app.import_(declare(app, adopt=existing["id"]).stack)
    assert app.stack_status() == "IMPORT_COMPLETE"
    assert app.associations() == [existing]
