"""Tests of the cost of whole apps, compared with the same apps written with L1s."""

from __future__ import annotations

import json
import re
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from dev.benchmarks.requests import ID_MAPPING, OVERLAP, requests_of_app

DOCUMENTATION = Path(__file__).parents[2] / "docs/benchmarks.md"
ROW = re.compile(r"\| (?P<requests>(?:create|get|call) .*) \| (?P<l1>\d+) \| (?P<l2>\d+) \| .+ \|")


class Synthesized(NamedTuple):
    template: dict[str, Any]
    requests: Counter[str]


def synthesize(
    levels: dict[str, Path], stack: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Synthesized]:
    synthesized = {}
    for level, app in levels.items():
        outdir = tmp_path_factory.mktemp(level)
        requests = requests_of_app(app, outdir)
        template = json.loads((outdir / f"{stack}.template.json").read_text("utf-8"))
        synthesized[level] = Synthesized(template, requests)
    return synthesized


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Synthesized]:
    return synthesize(ID_MAPPING, "IdMapping", tmp_path_factory)


@pytest.fixture(scope="module")
def overlap(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Synthesized]:
    return synthesize(OVERLAP, "Overlap", tmp_path_factory)


def without_hashes(template: dict[str, Any]) -> Any:
    """Return a template whose logical IDs do not contain the hash that the CDK adds for an L2."""
    text = json.dumps(template)
    for logical_id in template["Resources"]:
        text = text.replace(f'"{logical_id}"', f'"{re.sub("[0-9A-F]{8}$", "", logical_id)}"')
    return json.loads(text)


def assert_same(apps: dict[str, Synthesized], resources: int) -> None:
    """Check that both templates are the same, and that one app has nothing but L1s."""
    expected = apps["l1"].template
    assert len(expected["Resources"]) == resources
    assert without_hashes(apps["l2"].template) == expected
    created = [what for what in apps["l1"].requests if what.startswith("create ")]
    others = {what for what in created if not what.startswith("create Cfn")}
    assert others == {"create App", "create Stack"}


def test_both_mappings_have_the_same_template_and_one_has_only_l1s(
    apps: dict[str, Synthesized],
) -> None:
    assert_same(apps, 24)


def test_both_overlaps_have_the_same_template_and_one_has_only_l1s(
    overlap: dict[str, Synthesized],
) -> None:
    assert_same(overlap, 39)


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


def test_the_documentation_has_the_totals(
    apps: dict[str, Synthesized], overlap: dict[str, Synthesized]
) -> None:
    text = " ".join(DOCUMENTATION.read_text("utf-8").split())
    for prefix, both in (("Together that is", apps), ("With the query, it is", overlap)):
        l1, l2 = (both[level].requests.total() for level in ("l1", "l2"))
        assert f"{prefix} {l2} requests instead of {l1}." in text
