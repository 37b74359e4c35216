"""Tests that the library and the oracles agree on random values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Stack, Token
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation

from cdk_cleanrooms import IdNamespaceAssociation
from cdk_cleanrooms._core import checks

from . import strategies, templates
from .examples import Tally, batches_of_records, for_each
from .known_differences import (
    BOTOCORE,
    CDK,
    CFN_LINT,
    ID_NAMESPACE,
    SCHEMA,
    names_of,
    predicted,
)
from .oracles import Botocore, Oracle, Schema
from .properties import MEMBERSHIP, Property
from .resources import PROPERTIES, RESOURCES

# The number of constructs of each resource in a batch.
_CONSTRUCTS_AT_ONCE = 250
# cfn-lint takes about eight times as long as the CDK.
_BATCHES_FOR_EACH_THAT_CFN_LINT_SEES = 25


@pytest.fixture(scope="module")
def oracles() -> Mapping[str, Oracle]:
    return {SCHEMA: Schema(), BOTOCORE: Botocore()}


def surprise(
    oracle: str, property: Property, value: Any, *, is_accepted: bool, tally: Tally
) -> str | None:
    """Count an oracle's verdict, and return a description of it if it was not predicted."""
    kind = property.kind or property.name
    if is_accepted != property.accepts(value):
        for name in names_of(oracle, kind, value):
            tally[kind][f"{oracle} differs: {name}"] += 1
    if is_accepted == predicted(oracle, kind, value):
        return None
    return f"{oracle} {'accepts' if is_accepted else 'refuses'} {property.name}={value!r}"


def _fits_into_a_batch(value: Any) -> bool:
    """Return whether a template with this value can be judged at all."""
    if isinstance(value, dict):
        return all(map(_fits_into_a_batch, [*value.keys(), *value.values()]))
    if not isinstance(value, str):
        return True
    # The CDK treats text as a dynamic reference if one begins in it, even if something is between
    # the braces and the word.
    return checks.is_known(value) and not (
        checks.LONE_SURROGATE.search(value) or re.search(r"#\{Token\[|\{\{(?s:.*)resolve", value)
    )


def test_the_cdk_and_cfn_lint_agree_with_the_constructs_on_whole_templates(tally: Tally) -> None:
    # This test is the first one, because it takes longest.
    surprises: set[str | None] = set()
    values = {
        (resource, name): property.values.filter(_fits_into_a_batch)
        for resource in RESOURCES
        for name, property in resource.declared.items()
    }
    for number, batch in enumerate(
        batches_of_records(values, in_a_test_run=12, size=_CONSTRUCTS_AT_ONCE)
    ):
        declared = [
            (resource, {name: record[resource, name] for name in resource.declared})
            for record in batch
            for resource in RESOURCES
        ]
        ask_cfn_lint = number % _BATCHES_FOR_EACH_THAT_CFN_LINT_SEES == 0
        verdicts = templates.judge(declared, ask_cfn_lint=ask_cfn_lint)
        for (resource, arguments), verdict in zip(declared, verdicts, strict=True):
            for name, property in resource.declared.items():
                value, counts = arguments[name], tally[property.kind or name]
                is_accepted = name not in verdict.library
                counts["accepted" if is_accepted else "refused"] += 1
                if is_accepted != property.accepts(value):
                    surprises.add(f"{resource} and the rule differ in {name}={value!r}")
                for oracle, refused in ((CDK, verdict.cdk), (CFN_LINT, verdict.cfn_lint)):
                    if refused is not None:
                        counts[f"shown to {oracle}"] += 1
                        is_accepted = name not in refused
                        surprises.add(
                            surprise(oracle, property, value, is_accepted=is_accepted, tally=tally)
                        )

    surprises.discard(None)
    assert not surprises, "\n".join(sorted(map(str, surprises), key=len)[:10])


@pytest.mark.parametrize("name", PROPERTIES)
def test_the_schema_and_the_model_of_the_api_agree_with_the_library(
    name: str, oracles: Mapping[str, Oracle], tally: Tally
) -> None:
    property = PROPERTIES[name]

    def examine(value: Any) -> None:
        tally[name]["accepted" if property.accepts(value) else "refused"] += 1
        for oracle, judge in oracles.items():
            is_accepted = judge.accepts(property, value)
            found = surprise(oracle, property, value, is_accepted=is_accepted, tally=tally)
            assert not found, found

    for_each(property.values, examine, in_a_test_run=50)


@pytest.fixture
def app(tmp_path: Path) -> App:
    """Return an app whose synthesis fails if the CDK's validation finds a mistake."""
    context = {"@aws-cdk/core:validateAgainstDefaultRules": True}
    return App(outdir=str(tmp_path), context=context)


def test_a_lone_surrogate_is_refused_because_it_breaks_the_whole_template(
    app: App,
) -> None:
    name = "\ud801"
    CfnIdNamespaceAssociation(
        Stack(app, "Stack"),
        "Association",
        membership_identifier=MEMBERSHIP,
        input_reference_config={"inputReferenceArn": ID_NAMESPACE, "manageResourcePolicies": True},
        name=name,
    )

    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    assert not PROPERTIES["name"].accepts(name)


def test_text_with_a_token_is_accepted_by_the_library_and_the_cdk(app: App) -> None:
    stack = Stack(app, "Stack")
    text = f"\0{CfnParameter(stack, 'Parameter').value_as_string}\0"

    IdNamespaceAssociation(
        stack,
        "Association",
        membership=text,
        id_namespace=text,
        name=text,
        description=text,
        tags={text: text},
    )

    app.synth()


def test_the_library_and_the_cdk_find_tokens_in_the_same_texts(tally: Tally) -> None:
    def examine(text: str) -> None:
        is_token = checks.is_token(text)
        tally["any text"]["has a token" if is_token else "has no token"] += 1
        assert is_token == Token.is_unresolved(text)

    for_each(strategies.texts_like_tokens, examine, in_a_test_run=100)
