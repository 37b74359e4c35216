"""Tests of the sample app, `app.py`, run as the CDK CLI runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint
from syrupy.assertion import SnapshotAssertion

from tests.samples import ID_NAMESPACE_ARN

ROOT = Path(__file__).parents[2]
CDK_JSON = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))


class Run:
    """A run of the sample app with settings as from `-c name=value`."""

    def __init__(self, folder: Path, **settings: str | bool | None) -> None:
        """Run the app. A setting with the value None is omitted."""
        context = CDK_JSON["context"] | settings
        known = {name: value for name, value in context.items() if value is not None}
        self.folder = folder
        self.result = subprocess.run(
            [sys.executable, *CDK_JSON["app"].split()[1:]],
            cwd=ROOT,
            env=os.environ | {"CDK_CONTEXT_JSON": json.dumps(known), "CDK_OUTDIR": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def template(self) -> dict[str, Any]:
        assert self.result.returncode == 0, self.result.stderr
        template: dict[str, Any] = json.loads(
            (self.folder / "CleanRoomsSample.template.json").read_text(encoding="utf-8")
        )
        return template

    @property
    def properties(self) -> dict[str, Any]:
        (resource,) = self.template["Resources"].values()
        properties: dict[str, Any] = resource["Properties"]
        return properties


def test_the_sample_app_synthesizes_as_it_is(
    tmp_path: Path, json_snapshot: SnapshotAssertion
) -> None:
    template = Run(tmp_path).template
    assert template == json_snapshot
    assert lint(json.dumps(template), regions=["us-east-1"]) == []


def test_the_sample_app_accepts_other_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDK_VALIDATION", "false")  # validation is slow
    run = Run(
        tmp_path,
        membership="0123abcd-4567-89ab-cdef-0123456789ab",
        id_namespace=ID_NAMESPACE_ARN.replace("customers", "prospects"),
        name="prospects",
        description="Those who are no customers yet",
        tags='{"Team": "Marketing", "Stage": "Test"}',
    )
    assert run.properties == {
        "MembershipIdentifier": "0123abcd-4567-89ab-cdef-0123456789ab",
        "InputReferenceConfig": {
            "InputReferenceArn": ID_NAMESPACE_ARN.replace("customers", "prospects"),
            "ManageResourcePolicies": True,
        },
        "Name": "prospects",
        "Description": "Those who are no customers yet",
        "Tags": [{"Key": "Stage", "Value": "Test"}, {"Key": "Team", "Value": "Marketing"}],
    }


def test_the_sample_app_works_without_description_and_tags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDK_VALIDATION", "false")  # validation is slow
    properties = Run(tmp_path, description=None, tags=None).properties
    assert not {"Description", "Tags"} & properties.keys()


@pytest.mark.parametrize(
    ("adopt", "files"),
    [
        pytest.param(None, [], id="nothing"),
        pytest.param("false", [], id="false"),
        pytest.param("true", ["CleanRoomsSample.adopt.json"], id="true"),
        pytest.param(True, ["CleanRoomsSample.adopt.json"], id="true in cdk.json"),
        pytest.param(
            "b2c3d4e5-6789-01ab-cdef-222222222222",
            ["CleanRoomsSample.adopt.json", "CleanRoomsSample.import.json"],
            id="an identifier",
        ),
    ],
)
def test_adoption_does_not_change_the_template_of_the_sample_app(
    adopt: str | bool | None, files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDK_VALIDATION", "false")  # validation is slow
    run = Run(tmp_path, adopt=adopt)
    (resource,) = run.template["Resources"].values()
    assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
    assert resource["UpdateReplacePolicy"] == "Retain"
    written = [*tmp_path.glob("*.adopt.json"), *tmp_path.glob("*.import.json")]
    assert sorted(path.name for path in written) == files


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        pytest.param(
            "membership", None, "membership is missing: pass -c membership=…", id="missing"
        ),
        pytest.param(
            "membership",
            "membership-12345",
            "membership: 'membership-12345' is not the ID of a membership; use its lowercase",
            id="the documentation page's membership",
        ),
        pytest.param("tags", "Team=Marketing", "tags is not JSON (", id="tags not as JSON"),
        pytest.param("tags", '["Team"]', "tags: ['Team'] is of type list", id="tags as a list"),
    ],
)
def test_the_sample_app_says_what_is_wrong_with_a_setting_and_writes_nothing(
    setting: str, value: str | None, message: str, tmp_path: Path
) -> None:
    run = Run(tmp_path, **{setting: value})
    assert run.result.returncode == 1
    assert message in run.result.stderr
    assert "Traceback" not in run.result.stderr
    assert not [*tmp_path.iterdir()]
