"""Tests that every listed difference exists."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from . import templates
from .known_differences import (
    BOTOCORE,
    CDK,
    CFN_LINT,
    KNOWN_DIFFERENCES,
    SCHEMA,
    KnownDifference,
    predicted,
)
from .oracles import Botocore, Oracle, Schema
from .resources import PROPERTIES, RESOURCES

DOCUMENTATION = Path(__file__).parents[2] / "docs/conformance.md"


def assert_witnessed(difference: KnownDifference, property: str, *, is_accepted: bool) -> None:
    """Check that an oracle differs on the witness, as the reading predicts."""
    witness = difference.witnesses[property]
    assert PROPERTIES[property].accepts(witness) != is_accepted
    assert PROPERTIES[property].accepts(difference.reading(witness)) == is_accepted


@pytest.fixture(scope="module")
def oracles() -> Mapping[str, Oracle]:
    return {SCHEMA: Schema(), BOTOCORE: Botocore()}


@pytest.mark.parametrize("difference", KNOWN_DIFFERENCES, ids=lambda it: it.name)
def test_the_schema_and_the_model_of_the_api_really_differ(
    difference: KnownDifference, oracles: Mapping[str, Oracle]
) -> None:
    for name in oracles.keys() & difference.oracles:
        for property, witness in difference.witnesses.items():
            is_accepted = oracles[name].accepts(PROPERTIES[property], witness)
            assert_witnessed(difference, property, is_accepted=is_accepted)


def test_the_cdk_and_cfn_lint_really_differ() -> None:
    shown = [
        (difference, property, resource, _argument(property, witness))
        for difference in KNOWN_DIFFERENCES
        if {CDK, CFN_LINT} & {*difference.oracles}
        for property, witness in difference.witnesses.items()
        if PROPERTIES[property].is_argument or property in ("tag_key", "tag_value")
        for resource in RESOURCES
        if PROPERTIES[property].type_name == resource.type_name
    ]

    declared = [(resource, argument) for _, _, resource, argument in shown]
    verdicts = templates.judge(declared, ask_cfn_lint=True)

    for (difference, property, _, [name]), verdict in zip(shown, verdicts, strict=True):
        for oracle, refused in ((CDK, verdict.cdk), (CFN_LINT, verdict.cfn_lint)):
            if oracle in difference.oracles:
                assert refused is not None
                assert_witnessed(difference, property, is_accepted=name not in refused)


def test_the_names_are_unique_and_each_has_a_reason() -> None:
    names = [difference.name for difference in KNOWN_DIFFERENCES]
    assert len(names) == len({*names})
    assert all(difference.reason.endswith(".") for difference in KNOWN_DIFFERENCES)


def test_no_tag_is_lost_if_an_oracle_treats_two_keys_as_the_same() -> None:
    tags = {"AWS:\ud800": "", "AWS:x": "0"}
    assert not predicted(SCHEMA, "tags", tags)


def test_an_oracles_view_of_a_text_without_a_token_contains_no_token() -> None:
    assert not predicted(CDK, "id_namespace", "${Token[\u0661]}")
    assert not predicted(CDK, "name", "\0${Token[\U0001f600]}")


@pytest.mark.parametrize("difference", KNOWN_DIFFERENCES, ids=lambda it: it.name)
def test_the_documentation_lists_each_difference(difference: KnownDifference) -> None:
    row = f"| {difference.name} | {', '.join(difference.oracles)} | {difference.reason} |"
    assert row in DOCUMENTATION.read_text("utf-8").splitlines()


def _argument(property: str, value: Any) -> dict[str, Any]:
    """Return the construct's argument with the value."""
    if PROPERTIES[property].is_argument:
        return {PROPERTIES[property].name: value}
    return {"tags": PROPERTIES[property].in_request(value)}
