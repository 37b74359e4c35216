"""The codes of problems and the IDs of warnings, read from the source of the package."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields

import cdk_cleanrooms
from cdk_cleanrooms import Problem
from cdk_cleanrooms._core import types
from cdk_cleanrooms._core.checks import code_of

from .messages import modules_of_constructs

_CODE = re.compile("([A-Z][a-zA-Z]*[a-z])+")
_AT_SYNTHESIS = re.compile(r"\[([A-Z]\w+)\]$")
_WARNING = re.compile("cdk-cleanrooms:[a-zA-Z]+")
# What the library writes to metadata for itself is not a warning.
_METADATA = {"cdk-cleanrooms:adoption", "cdk-cleanrooms:warnings"}


def codes_of_problems() -> set[str]:
    """Return the code of every problem that the package can report."""
    return {
        code for node in _nodes() for code in (*_literal_codes(node), *_composed_codes(node))
    } | {
        f"{code_of(type.noun_with_article)}{ending}"
        for type in types.RESOURCE_TYPES
        if hasattr(cdk_cleanrooms, type.construct)
        for ending in ("ArnMalformed", *([] if type.is_identified_by_name else ["IdNotUuid"]))
    }


def unreadable_codes() -> list[str]:
    """Return the problems whose code this module cannot read, such as one that is put together."""
    return [
        ast.unparse(node)
        for node in _nodes()
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "Problem"
        and not (
            len(node.args) == len(fields(Problem))
            and (
                [*_codes_in(node.args[-1])]
                or ast.unparse(node.args[-1]) in ("code", "problem.code")
            )
        )
    ]


def codes_at_synthesis() -> set[str]:
    """Return the codes of the errors that end the synthesis, and the IDs of all warnings."""
    texts = {
        node.value
        for node in _nodes()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    ends = {end[1] for text in texts if (end := _AT_SYNTHESIS.search(text))}
    return ends | {text for text in texts if _WARNING.fullmatch(text)} - _METADATA


def _nodes() -> Iterator[ast.AST]:
    for path in modules_of_constructs():
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def _literal_codes(node: ast.AST) -> Iterator[str]:
    """Yield the codes in a problem, in a fault, and in what is assigned to a name `code`."""
    match node:
        case ast.Call(func=ast.Name(id="Problem"), args=[_, _, _, code]):
            yield from _codes_in(code)
        case ast.Yield(value=ast.Tuple(elts=[code, _])):
            yield from _codes_in(code)
        case ast.Assign(targets=[ast.Name(id="code")], value=code):
            yield from _codes_in(code)
        case ast.For(target=ast.Tuple(elts=names), iter=ast.Tuple(elts=rows)):
            for row in rows:
                for name, value in zip(names, getattr(row, "elts", ()), strict=False):
                    if ast.unparse(name) == "code":
                        yield from _codes_in(value)


def _codes_in(expression: ast.expr) -> Iterator[str]:
    choices = (
        [expression.body, expression.orelse] if isinstance(expression, ast.IfExp) else [expression]
    )
    for choice in choices:
        if isinstance(choice, ast.Constant) and _CODE.fullmatch(str(choice.value)):
            yield str(choice.value)


def _composed_codes(node: ast.AST) -> Iterator[str]:
    """Yield the codes of shared checks, which begin with the name of what is checked."""
    if not isinstance(node, ast.Call):
        return
    match ast.unparse(node.func).removeprefix("checks."), node.args:
        case "length", [ast.Constant(value=str(noun)), _, least, _]:
            yield f"{noun}Length"
            if ast.unparse(least) != "0":
                yield f"{noun}Empty"
        case "characters", [ast.Constant(value=str(noun)), *_]:
            yield f"{noun}Characters"
        case "identifier", [ast.Constant(value=str(noun)), *_]:
            yield f"{code_of(noun)}IdNotUuid"
        case ("arn", [ast.Constant(value=str(noun)), *_]) | (
            "arn_problems",
            [_, ast.Constant(value=str(noun)), *_],
        ):
            yield f"{code_of(noun)}ArnMalformed"
