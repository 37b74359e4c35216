"""Tests of the file in which a snapshot is saved."""

from __future__ import annotations

import json

import pytest

from cdk_cleanrooms._cli.aws import CommandError
from cdk_cleanrooms._cli.export.snapshot import LeftOut, Snapshot
from tests.cli.export.snapshots import snapshot, whole


def test_a_snapshot_is_read_as_it_was_saved() -> None:
    left_out = LeftOut(noun="intermediate table", name="joined", identifier="1", reason="no L2")
    saved = whole(left_out=(left_out,), unread=("x",), notes=("y",))
    assert Snapshot.from_json(saved.to_json(), "plan.json") == saved


def test_the_file_does_not_depend_on_the_order_of_the_listing() -> None:
    found = whole()
    backwards = snapshot(*reversed(found.resources))
    assert backwards.to_json() == found.to_json()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "plan.json is not a plan of `cdk-cleanrooms export`"),
        ("[]", "plan.json is not a plan of `cdk-cleanrooms export`"),
        ("{}", "plan.json is not a plan of `cdk-cleanrooms export`"),
        ('{"version": 0}', "plan.json has version 0 of the plan"),
        ('{"version": 1}', "plan.json is not a complete plan"),
        ('{"version": 1, "resources": [{}]}', "plan.json is not a complete plan"),
    ],
)
def test_another_file_is_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        Snapshot.from_json(text, "plan.json")


def test_a_plan_with_an_unknown_type_is_refused() -> None:
    content = json.loads(whole().to_json())
    content["resources"][0]["type_name"] = "AWS::CleanRooms::Unknown"
    with pytest.raises(CommandError, match="not a complete plan"):
        Snapshot.from_json(json.dumps(content), "plan.json")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("account", 111122223333),
        ("account", "111122223333 "),
        ("creator", '"""\nimport os'),
        ("collaboration", "x\ny"),
        ("excluded", ["intermediate-table"]),
        ("excluded", [1]),
        ("notes", 1),
        ("resources", [1]),
    ],
)
def test_a_plan_whose_content_cannot_be_code_is_refused(name: str, value: object) -> None:
    content = json.loads(whole().to_json())
    content[name] = value
    with pytest.raises(CommandError, match="not a complete plan") as error:
        Snapshot.from_json(json.dumps(content), "plan.json")
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("members", []), ("tags", {"Team": 1}), ("label", None), ("is_unique", "yes"), ("x", 1)],
)
def test_a_plan_whose_resource_is_malformed_is_refused(name: str, value: object) -> None:
    content = json.loads(whole().to_json())
    content["resources"][0][name] = value
    with pytest.raises(CommandError, match="not a complete plan"):
        Snapshot.from_json(json.dumps(content), "plan.json")


def test_a_plan_that_is_nested_without_end_is_refused() -> None:
    with pytest.raises(CommandError, match="is not a plan"):
        Snapshot.from_json("[" * 10**5, "plan.json")
