"""Tests of what every constructor does before and after its own arguments."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aws_cdk import App, Stack

import cdk_cleanrooms
from cdk_cleanrooms import IdNamespaceAssociation
from cdk_cleanrooms._core import checks, types
from cdk_cleanrooms._core.declaration import Declaration, _adoption_rule
from cdk_cleanrooms._core.facts import facts_about, publish
from tests.helpers import Associate, l1_of, problems_of, warnings_of
from tests.resources.samples import SAMPLES, Sample
from tests.samples import MEMBERSHIP_ID

PACKAGE = Path(str(cdk_cleanrooms.__file__)).parent
MODULES = [
    path
    for folder in ("_core", "clean_rooms", "entity_resolution")
    for path in sorted((PACKAGE / folder).rglob("*.py"))
]
each_module = pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)


def calls_of(method: str, tree: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls of a method of arguments or of a declaration."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=attr, value=ast.Name(id=name))) if (
                attr == method and name in ("arguments", "declaration", "self")
            ):
                yield node


@each_module
def test_every_value_that_a_check_returns_is_used(module: Path) -> None:
    tree = ast.parse(module.read_text("utf-8"))
    unused = [
        statement.lineno
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Expr)
        for method in ("check", "check_identifying")
        for call in calls_of(method, statement)
        if call is statement.value
    ]
    assert unused == []


@each_module
def test_no_argument_that_can_be_text_is_only_reported(module: Path) -> None:
    """A rule that is called by itself checks the text as it was given, and not as it is used."""
    tree = ast.parse(module.read_text("utf-8"))
    constructors = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "__init__"
    )
    found = []
    for constructor in constructors:
        text = {
            one.arg
            for one in constructor.args.kwonlyargs
            if one.annotation is not None and ast.unparse(one.annotation) in ("str", "str | None")
        }
        for call in calls_of("report", constructor):
            match call.args:
                case [ast.Call(args=[ast.Constant(value=property), ast.Name()])]:
                    found += [property] if property in text else []
    assert found == []


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_problems_have_the_order_of_the_arguments(sample: Sample, stack: Stack) -> None:
    wrong = {name: 5 for name in sample.minimal if isinstance(sample.minimal[name], str)}
    arguments: dict[str, Any] = {**sample.minimal, **wrong}
    arguments |= {"tags": 5, "removal_policy": 5, "adopt": 5}
    problems = problems_of(lambda: sample.construct(stack, "", **arguments))
    names = list(dict.fromkeys(problem.property for problem in problems))
    signature = [*inspect.signature(sample.construct).parameters]
    assert {"id", "tags", "removal_policy", "adopt"} <= {*names}
    assert names == sorted(names, key=signature.index)


def declaration(stack: Stack) -> Declaration:
    return Declaration(
        IdNamespaceAssociation,
        stack,
        "Association",
        name="customers",
        membership=MEMBERSHIP_ID,
        tags=None,
        removal_policy=None,
        adopt=None,
    )


def test_a_check_after_the_refusal_is_an_error(stack: Stack) -> None:
    late = declaration(stack)
    late.refuse()
    with pytest.raises(AssertionError):
        late.check("description", "", checks.description)


def test_a_construct_cannot_be_completed_before_the_refusal(
    stack: Stack, associate: Associate
) -> None:
    association = associate()
    with pytest.raises(AssertionError):
        declaration(stack).complete(association, l1_of(association))


def test_only_a_type_that_can_be_found_offers_true() -> None:
    [problem] = _adoption_rule(types.COLLABORATION, "name")("adopt", 5)
    assert "or True to find it by its name" in problem.message
    unfindable = replace(types.COLLABORATION, match=())
    [problem] = _adoption_rule(unfindable, "name")("adopt", 5)
    assert "True" not in problem.message


class Colour(NamedTuple):
    """Facts of one kind."""

    name: str


@dataclass
class Size:
    """Facts of another kind."""

    metres: int


def test_facts_of_another_kind_do_not_replace_facts(stack: Stack) -> None:
    publish(stack, Colour("red"))
    publish(stack, Size(3))
    publish(stack, Size(4))
    assert facts_about(stack, Colour) == Colour("red")
    assert facts_about(stack, Size) == Size(4)


def test_there_are_no_facts_about_other_values() -> None:
    assert facts_about("text", Colour) is None
    assert facts_about(Colour, Colour) is None


def test_a_quota_warns_once_for_each_membership(stack: Stack, associate: Associate) -> None:
    memberships = ["a1b2c3d4-5678-90ab-cdef-888888888888", "a1b2c3d4-5678-90ab-cdef-999999999999"]
    for membership in memberships:
        for number in range(13):
            associate(id=f"{membership}{number}", membership=membership, name=f"customers{number}")
    assert len(warnings_of(stack)) == len(memberships)


def test_skipped_validation_hides_no_warning(app: App, associate: Associate) -> None:
    for number in range(11):
        associate(id=f"Association{number}", name=f"customers {number}")
    associate(id="Tagged", name="tagged", tags={"Team": "a", "team": "b"})
    assembly = app.synth(skip_validation=True)
    messages = [str(one.entry.data) for one in assembly.get_stack_by_name("Stack").messages]
    assert any("more than 10 ID namespace associations" in one for one in messages)
    assert any("differ only in case" in one for one in messages)
