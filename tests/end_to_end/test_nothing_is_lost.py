"""Tests that a forgotten flag or a wrong order of commands does not lose resources."""

from __future__ import annotations

from pathlib import Path

from .cdk_app import SYNTHESIZED, CdkApp, unwrapped
from .test_adoption import ID_NAMESPACE, declare, imported, made_by_hand

SAMPLE_APP = Path(__file__).parents[2] / "app.py"


def settings(app: CdkApp) -> list[str]:
    """Return the options for the sample app, which has no `cdk.json` here."""
    values = {"membership": app.membership, "id_namespace": ID_NAMESPACE, "name": "customers"}
    return [word for name, value in values.items() for word in ("-c", f"{name}={value}")]


def test_the_sample_app_retains_an_adopted_association_if_a_later_deployment_omits_the_flag(
    app: CdkApp,
) -> None:
    existing = made_by_hand(app)
    app.write(SAMPLE_APP.read_text("utf-8").replace("CleanRoomsSample", app.stack_name))
    found = app.discover("--name", "customers", "--format", "id")
    assert found.output.strip() == existing["id"]
    adopt = [*settings(app), "-c", f"adopt={existing['id']}"]

    mapping = f"cdk.out/{app.stack_name}.import.json"
    result = app.cdk("import", app.stack_name, *adopt, "--resource-mapping", mapping, "--force")
    assert result.status == 0, result.output
    assert app.stack_status() == "IMPORT_COMPLETE"
    result = app.deploy(*SYNTHESIZED, "--revert-drift")
    assert result.status == 0, result.output

    result = app.deploy(*settings(app))
    assert result.status == 0, result.output
    result = app.destroy(*SYNTHESIZED)
    assert result.status == 0, result.output
    assert app.associations() == [existing]


def test_a_stack_deployed_before_the_import_is_destroyed_first_and_then_imports(
    app: CdkApp,
) -> None:
    existing = made_by_hand(app)
    declare(app, {"name": "customers", "adopt": existing["id"]})
    result = app.deploy()
    assert result.status != 0
    assert "HandlerErrorCode: AlreadyExists" in unwrapped(result.output)
    assert app.stack_status() == "ROLLBACK_COMPLETE"

    result = imported(app, *SYNTHESIZED)
    assert result.status == 0
    assert "no new resources compared to the currently deployed stack" in result.output
    assert app.stack_status() == "ROLLBACK_COMPLETE"

    result = app.destroy(*SYNTHESIZED)
    assert result.status == 0, result.output
    assert app.associations() == [existing]

    result = imported(app, *SYNTHESIZED)
    assert result.status == 0, result.output
    assert app.stack_status() == "IMPORT_COMPLETE"
    assert app.associations() == [existing]


def test_a_stack_updated_before_the_import_rolls_back_and_then_imports(app: CdkApp) -> None:
    other = "CfnWaitConditionHandle(stack, 'Other')"
    declare(app, more=other)
    assert app.deploy("--method", "direct").status == 0
    existing = made_by_hand(app)
    declare(app, {"name": "customers", "adopt": existing["id"]}, more=other)
    result = app.deploy()
    assert result.status != 0
    assert "HandlerErrorCode: AlreadyExists" in unwrapped(result.output)
    assert app.stack_status() == "UPDATE_ROLLBACK_COMPLETE"

    result = imported(app, *SYNTHESIZED)
    assert result.status == 0, result.output
    assert app.stack_status() == "IMPORT_COMPLETE"
    assert app.associations() == [existing]


def test_an_import_that_fails_leaves_the_stack_as_it_was_and_can_be_repeated(app: CdkApp) -> None:
    existing = made_by_hand(app)
    wrong = existing["id"][:-4] + ("0000" if existing["id"][-4:] != "0000" else "1111")
    declare(app, {"name": "customers", "adopt": wrong})
    result = imported(app)
    assert result.status != 0
    assert app.associations() == [existing]

    declare(app, {"name": "customers", "adopt": existing["id"]})
    result = imported(app)
    assert result.status == 0, result.output
    assert app.stack_status() == "IMPORT_COMPLETE"
    assert app.associations() == [existing]


def test_an_adopted_association_moves_to_another_stack(app: CdkApp) -> None:
    existing = made_by_hand(app)
    declare(app, {"name": "customers", "adopt": existing["id"]})
    assert imported(app).status == 0

    first = app.stack_name
    app.stack_name = f"{first}Second"
    declare(app, {"name": "customers", "adopt": existing["id"]})
    result = imported(app)
    assert result.status != 0
    assert f"already exists in stack arn:aws:cloudformation:us-east-1:{app.cloud.account}" in (
        unwrapped(result.output)
    )

    app.stack_name = first
    declare(app, more="CfnWaitConditionHandle(stack, 'Other')")
    result = app.deploy()
    assert result.status == 0, result.output
    assert app.associations() == [existing]

    app.stack_name = f"{first}Second"
    declare(app, {"name": "customers", "adopt": existing["id"]})
    result = imported(app)
    assert result.status == 0, result.output
    assert app.stack_status() == "IMPORT_COMPLETE"
    assert app.associations() == [existing]
