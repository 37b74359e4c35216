"""Tests of scopes: outside any stack, in equal stacks, and in another working directory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App, Environment, Stack, Stage
from constructs import Construct

from cdk_cleanrooms import IdNamespaceAssociation
from tests.helpers import problems_of
from tests.samples import ACCOUNT, ASSOCIATION_ID, ID_NAMESPACE_ARN, MEMBERSHIP_ID

Scope = Callable[[App], Construct]
OUTSIDE: dict[str, Scope] = {
    "app": lambda app: app,
    "stage": lambda app: Stage(app, "Stage"),
    "construct": lambda app: Construct(app, "Construct"),
    "construct in a stage": lambda app: Construct(Stage(app, "Stage"), "Construct"),
}


@pytest.mark.parametrize("scope", OUTSIDE.values(), ids=OUTSIDE)
@pytest.mark.parametrize(
    "declare",
    [
        lambda scope: IdNamespaceAssociation(
            scope, "A", membership="", id_namespace=ID_NAMESPACE_ARN, name="customers"
        ),
        lambda scope: IdNamespaceAssociation(
            scope,
            "A",
            membership="",
            id_namespace=ID_NAMESPACE_ARN,
            name="customers",
            adopt=ASSOCIATION_ID,
        ),
        lambda scope: IdNamespaceAssociation.from_existing(
            scope, "A", membership="", id_namespace_association_identifier=ASSOCIATION_ID
        ),
        lambda scope: IdNamespaceAssociation.from_id_namespace_association_arn(scope, "A", ""),
        lambda scope: IdNamespaceAssociation.from_lookup(
            scope,
            "A",
            membership_identifier="",
            id_namespace_association_identifier=ASSOCIATION_ID,
        ),
    ],
    ids=["created", "adopted", "by ID", "by ARN", "looked up"],
)
def test_a_scope_outside_any_stack_is_reported_with_other_problems(
    declare: Callable[[Construct], object], scope: Scope, app: App
) -> None:
    outside = scope(app)
    problem, other = problems_of(lambda: declare(outside))
    assert (problem.property, problem.value) == ("scope", outside)
    assert "is not in a stack; use a stack, or a construct in a stack" in problem.message
    assert other.property != "scope"


class Equal(Stack):
    """A stack whose class compares stacks by their purpose."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Equal)

    def __hash__(self) -> int:
        return 1


class Unhashable(Stack):
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unhashable)

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("kind", [Equal, Unhashable])
def test_stacks_that_are_equal_do_not_share_their_region(kind: type[Stack], app: App) -> None:
    arns = []
    for region in ("us-east-1", "eu-west-1"):
        stack = kind(app, region, env=Environment(account=ACCOUNT, region=region))
        IdNamespaceAssociation(
            stack,
            "Association",
            membership=MEMBERSHIP_ID,
            id_namespace=f"arn:aws:entityresolution:{region}:{ACCOUNT}:idnamespace/customers",
            name="customers",
        )
        arns.append(
            IdNamespaceAssociation.from_existing(
                stack,
                "Existing",
                membership=MEMBERSHIP_ID,
                id_namespace_association_identifier=ASSOCIATION_ID,
            ).id_namespace_association_arn
        )
    assert [arn.split(":")[3] for arn in arns] == ["us-east-1", "eu-west-1"]


MOVED = f"""\
import os, sys
here, elsewhere = sys.argv[1:]
os.chdir(here)
import aws_cdk
os.chdir(elsewhere)
from cdk_cleanrooms import IdNamespaceAssociation
app = aws_cdk.App(outdir="cdk.out")
IdNamespaceAssociation(
    aws_cdk.Stack(app, "Stack"),
    "Association",
    membership="{MEMBERSHIP_ID}",
    id_namespace="{ID_NAMESPACE_ARN}",
    name="customers",
    adopt="{ASSOCIATION_ID}",
)
app.synth()
"""


def test_the_mapping_is_beside_the_template_even_after_python_changed_its_folder(
    tmp_path: Path,
) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    others = elsewhere / "cdk.out"
    others.mkdir(parents=True)
    for kind in ("template", "import"):
        (others / f"Stack.{kind}.json").write_text("{}")
    subprocess.run(
        [sys.executable, "-c", MOVED, str(here), str(elsewhere)],
        # The CDK's validation takes seconds in a new process.
        env={**os.environ, "CDK_VALIDATION": "false"},
        check=True,
    )
    [identifier] = json.loads((here / "cdk.out/Stack.import.json").read_text()).values()
    assert identifier["IdNamespaceAssociationIdentifier"] == ASSOCIATION_ID
    assert "Stack" in json.loads((here / "cdk.out/manifest.json").read_text())["artifacts"]
    assert (others / "Stack.import.json").read_text() == "{}"
