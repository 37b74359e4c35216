"""Tests of the cost of a whole ID mapping, compared with the same app written with L1s."""

from __future__ import annotations

import json
import re
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from dev.benchmarks.requests import ID_MAPPING, requests_of_app

DOCUMENTATION = Path(__file__).parents[2] / "docs/benchmarks.md"
ROW = re.compile(r"\| (?P<requests>(?:create|get|call) .*) \| (?P<l1>\d+) \| (?P<l2>\d+) \| .+ \|")


class Synthesized(NamedTuple):
    template: dict[str, Any]
    requests: Counter[str]


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Synthesized]:
    synthesized = {}
    for level, app in ID_MAPPING.items():
        outdir = tmp_path_factory.mktemp(level)
        requests = requests_of_app(app, outdir)
        template = json.loads((outdir / "IdMapping.template.json").read_text("utf-8"))
        synthesized[level] = Synthesized(template, requests)
    return synthesized


def without_hashes(template: dict[str, Any]) -> Any:
    """Return a template whose logical IDs do not contain the hash that the CDK adds for an L2."""
    text = json.dumps(template)
    for logical_id in template["Resources"]:
        text = text.replace(f'"{logical_id}"', f'"{re.sub("[0-9A-F]{8}$", "", logical_id)}"')
    return json.loads(text)


def test_both_apps_have_the_same_template_except_for_the_logical_ids(
    apps: dict[str, Synthesized],
) -> None:
    expected = apps["l1"].template
    assert len(expected["Resources"]) == 24
    assert without_hashes(apps["l2"].template) == expected


def test_the_app_with_l1s_uses_nothing_but_l1s(apps: dict[str, Synthesized]) -> None:
    created = [what for what in apps["l1"].requests if what.startswith("create ")]
    others = {what for what in created if not what.startswith("create Cfn")}
    assert others == {"create App", "create Stack"}


@pytest.mark.parametrize("level", ID_MAPPING)
def test_the_documentation_explains_every_request(level: str, apps: dict[str, Synthesized]) -> None:
    lines = DOCUMENTATION.read_text("utf-8").splitlines()
    rows = [match for line in lines if (match := ROW.fullmatch(line))]
    requests = apps[level].requests
    counted: Counter[str] = Counter()
    for what, count in requests.items():
        (row,) = [
            row["requests"]
            for row in rows
            if any(fnmatchcase(what, form) for form in row["requests"].split(", "))
        ]
        counted[row] += count
    assert counted == Counter({row["requests"]: int(row[level]) for row in rows})


def test_the_documentation_has_the_totals(apps: dict[str, Synthesized]) -> None:
    l1, l2 = (apps[level].requests.total() for level in ("l1", "l2"))
    expected = f"Together that is {l2} requests instead of {l1}."
    assert expected in DOCUMENTATION.read_text("utf-8")
