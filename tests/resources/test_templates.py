"""Tests of templates: their snapshots, and that cfn-lint and the CDK find no mistakes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from syrupy.assertion import SnapshotAssertion

from cdk_cleanrooms import IdNamespaceAssociation
from tests import cfn_lint
from tests.helpers import l1_of, needs_cdk
from tests.samples import ID_NAMESPACE_ARN, MEMBERSHIP_ID, REGION

from .scenarios import SCENARIOS, Scenario, synthesize_all

# cfn-lint would take a third more time, and other tests cover all lines.
pytestmark = pytest.mark.unmeasured


def templates(app: App) -> dict[str, Any]:
    return {stack.stack_name: stack.template for stack in app.synth().stacks_recursively}


def findings_of_cfn_lint(app: App) -> list[str]:
    return [
        finding
        for template in templates(app).values()
        for finding in cfn_lint.findings(template, regions=[REGION])
    ]


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_a_template_is_what_a_careful_person_would_write(
    scenario: Scenario, app: App, json_snapshot: SnapshotAssertion
) -> None:
    scenario(app)
    assert templates(app) == json_snapshot
    assert findings_of_cfn_lint(app) == []
    # The CDK's own validation finds nothing either.
    report = Path(app.outdir, "validation-report.json")
    assert json.loads(report.read_text(encoding="utf-8"))["pluginReports"] == []


def a_membership_that_is_none(app: App) -> None:
    association = IdNamespaceAssociation(
        Stack(app, "Wrong"),
        "Association",
        membership=MEMBERSHIP_ID,
        id_namespace=ID_NAMESPACE_ARN,
        name="customers",
    )
    l1_of(association).add_property_override("MembershipIdentifier", "membership-12345")


@needs_cdk("2.275")
def test_cfn_lint_would_find_a_wrong_value_in_a_template(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), builtin_cloud_formation_validation=False)
    a_membership_that_is_none(app)
    (finding,) = [each for each in findings_of_cfn_lint(app) if each.startswith("E3031")]
    assert "'membership-12345' does not match" in finding


def test_the_cdks_own_validation_would_fail_the_synthesis_of_a_wrong_value(app: App) -> None:
    a_membership_that_is_none(app)
    with pytest.raises(RuntimeError, match="MembershipIdentifier: 'membership-12345' does not"):
        app.synth()


def test_every_synthesis_writes_the_same_bytes(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    folders = [tmp_path / "here", tmp_path / "there"]
    synthesize_all(folders[0])
    # Sets have another order in this process.
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    subprocess.run(
        [sys.executable, "-m", "tests.resources.scenarios", str(folders[1])],
        cwd=pytestconfig.rootpath,
        env=os.environ | {"PYTHONHASHSEED": seed},
        check=True,
    )
    here, there = (
        {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in folders
    )
    assert "minimal/Minimal.template.json" in here
    assert here == there
