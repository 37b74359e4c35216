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
from cfnlint.api import lint
from syrupy.assertion import SnapshotAssertion

from cdk_cleanrooms import IdNamespaceAssociation
from tests.helpers import l1_of, needs_cdk
from tests.samples import ID_NAMESPACE_ARN, MEMBERSHIP_ID, REGION

from .scenarios import SCENARIOS, Scenario

every_scenario = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)


def templates(app: App) -> dict[str, Any]:
    return {stack.stack_name: stack.template for stack in app.synth().stacks_recursively}


def findings_of_cfn_lint(app: App) -> list[str]:
    return [
        f"{finding.rule.id} {finding.message}"
        for template in templates(app).values()
        for finding in lint(json.dumps(template), regions=[REGION])
    ]


@every_scenario
def test_a_template_is_what_a_careful_person_would_write(
    scenario: Scenario, app: App, json_snapshot: SnapshotAssertion
) -> None:
    scenario(app)
    assert templates(app) == json_snapshot


@every_scenario
def test_cfn_lint_finds_nothing_in_a_template(scenario: Scenario, app: App) -> None:
    scenario(app)
    assert findings_of_cfn_lint(app) == []


@every_scenario
def test_the_cdks_own_validation_finds_nothing_in_a_template(scenario: Scenario, app: App) -> None:
    scenario(app)
    report = Path(app.synth().directory, "validation-report.json")
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


def synthesized_files(folder: Path, *, root: Path, hash_seed: str) -> dict[str, bytes]:
    """Return all files that a new process writes for all scenarios."""
    subprocess.run(
        [sys.executable, "-m", "tests.resources.scenarios", str(folder)],
        cwd=root,
        env=os.environ | {"CDK_VALIDATION": "false", "PYTHONHASHSEED": hash_seed},
        check=True,
    )
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_synthesis_writes_the_same_bytes(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    first, second = (
        synthesized_files(tmp_path / seed, root=pytestconfig.rootpath, hash_seed=seed)
        for seed in ("1", "2")
    )
    assert "minimal/Minimal.template.json" in first
    assert first == second
