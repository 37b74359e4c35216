"""Tests of every example."""

from __future__ import annotations

import re

import pytest

from tests import cfn_lint

from .conftest import Synthesize
from .running import ASSOCIATION, EXAMPLES, NAMES, resources_of

# In addition to the usual rules, I3510 compares the resources in a policy with its actions.
LINT = {"regions": ["us-east-1"], "include_checks": ["I3510"]}


@pytest.mark.parametrize("name", NAMES)
def test_an_example_synthesizes_without_changes_and_cfn_lint_finds_nothing(
    name: str, synthesize: Synthesize
) -> None:
    assert synthesize(name).messages == []
    templates = synthesize(name).templates.values()
    assert templates
    for template in templates:
        assert resources_of(template, ASSOCIATION)
        assert cfn_lint.findings(template, **LINT) == []


def test_the_table_of_contents_lists_every_example() -> None:
    contents = (EXAMPLES / "README.md").read_text("utf-8")
    assert sorted(re.findall(r"^\| \[`(\w+)`\]\(\1\) \|", contents, re.MULTILINE)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_example_has_a_readme(name: str) -> None:
    assert (EXAMPLES / name / "README.md").read_text("utf-8").startswith("# ")
