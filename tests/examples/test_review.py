"""Tests of the review of the examples."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from cdk_cleanrooms._cli.command import main

from .conftest import Synthesize
from .running import EXAMPLES

_WORKFLOW = EXAMPLES / "two_companies/.github/workflows/review.yml"


def test_the_sheet_of_the_example_is_up_to_date(synthesize: Synthesize, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.md"
    assert main(["review", str(synthesize("overlap").folder), "--output", str(sheet)]) == 0
    expected = (EXAMPLES / "overlap/sheet.md").read_text("utf-8")
    advice = "run: cdk synth && cdk-cleanrooms review cdk.out --output sheet.md"
    assert sheet.read_text("utf-8") == expected, advice


def _reviews() -> list[list[str]]:
    """Return the arguments of each review in the workflow."""
    jobs = yaml.safe_load(_WORKFLOW.read_text("utf-8"))["jobs"]
    runs = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    return [run.split()[1:] for run in runs if run.startswith("cdk-cleanrooms review")]


@pytest.mark.parametrize(("log", "status"), [("ENABLED", 0), ("DISABLED", 3)])
def test_the_workflow_holds_the_gate(
    log: str,
    status: int,
    synthesize: Synthesize,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("cdk.out", "base.out"):
        shutil.copytree(synthesize("two_companies").folder, tmp_path / name)
    shutil.copy(EXAMPLES / "two_companies/accepted.json", tmp_path)
    template = tmp_path / "cdk.out/Advertiser.template.json"
    changed = re.sub('"ENABLED"', json.dumps(log), template.read_text("utf-8"))
    template.write_text(changed, "utf-8")
    monkeypatch.chdir(tmp_path)
    write, gate = _reviews()
    assert main(write) == 0
    assert main(gate) == status
    assert (tmp_path / "sheet.md").exists()


def test_the_checklist_of_the_two_companies_can_be_filled_in(
    synthesize: Synthesize, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.md"
    main(["review", str(synthesize("two_companies").folder), "--output", str(sheet)])
    text = sheet.read_text("utf-8")
    for answer in (
        # Who is in it, who queries, who receives results, and who pays?
        "| `Advertiser` | `111122223333` | yes | no | yes | no | no | queries |",
        "| `Publisher` | `444455556666` | no | no | no | no | no | not stated |",
        # Who can query what?
        "Nobody can query anything of these templates: no table and no ID mapping table of them is",
        # Which IDs does each company give, and can they be put out?
        "The collaboration `audience-overlap` can use the ID namespace"
        " `arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers`.",
        "Its IDs can be joined, but not put out.",
        # How are records linked, and who may use the IDs of the publisher?
        "| `Email` | `Email` |",
        "| may | account `111122223333` | `entityresolution:GetIdNamespace`,"
        " `entityresolution:StartIdMappingJob` | always |",
        # Are queries logged?
        "| collaboration `audience-overlap` | log of queries | on | QueryLogStatus |",
        # What is not in these templates?
        "Who else is in it is not in these templates.",
    ):
        assert answer in text
