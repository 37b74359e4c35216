"""Tests of the sample app, `app.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from syrupy.assertion import SnapshotAssertion

from tests import cfn_lint
from tests.apps import run_app
from tests.samples import ID_NAMESPACE_ARN

ROOT = Path(__file__).parents[2]


def test_the_sample_app_synthesizes_as_it_is_with_the_settings_of_the_cdk_cli(
    tmp_path: Path, json_snapshot: SnapshotAssertion
) -> None:
    template = run_app(ROOT, tmp_path)["CleanRoomsSample"]
    assert template == json_snapshot
    assert cfn_lint.findings(template, regions=["us-east-1"]) == []


def sample_app(folder: Path, **settings: str | bool | None) -> dict[str, Any]:
    """Run the sample app with settings as from `-c name=value`; None omits a setting."""
    return run_app(ROOT, folder, settings)["CleanRoomsSample"]


def only_resource(template: dict[str, Any]) -> dict[str, Any]:
    (resource,) = template["Resources"].values()
    return cast(dict[str, Any], resource)


def test_the_sample_app_accepts_other_settings(tmp_path: Path) -> None:
    template = sample_app(
        tmp_path,
        membership="0123abcd-4567-89ab-cdef-0123456789ab",
        id_namespace=ID_NAMESPACE_ARN.replace("customers", "prospects"),
        name="prospects",
        description="Those who are no customers yet",
        tags='{"Team": "Marketing", "Stage": "Test"}',
    )
    assert only_resource(template)["Properties"] == {
        "MembershipIdentifier": "0123abcd-4567-89ab-cdef-0123456789ab",
        "InputReferenceConfig": {
            "InputReferenceArn": ID_NAMESPACE_ARN.replace("customers", "prospects"),
            "ManageResourcePolicies": True,
        },
        "Name": "prospects",
        "Description": "Those who are no customers yet",
        "Tags": [{"Key": "Stage", "Value": "Test"}, {"Key": "Team", "Value": "Marketing"}],
    }


def test_the_sample_app_works_without_description_and_tags(tmp_path: Path) -> None:
    template = sample_app(tmp_path, description=None, tags=None)
    assert not {"Description", "Tags"} & only_resource(template)["Properties"].keys()


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
    adopt: str | bool | None, files: list[str], tmp_path: Path
) -> None:
    resource = only_resource(sample_app(tmp_path, adopt=adopt))
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
    # Python prints a text as the reason of an exit, and the status is then 1.
    with pytest.raises(SystemExit) as exit:
        sample_app(tmp_path, **{setting: value})
    assert isinstance(exit.value.code, str)
    assert message in exit.value.code
    assert not [*tmp_path.iterdir()]
