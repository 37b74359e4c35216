"""Tests that every command on the pages exists, with its target, options and arguments."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from argparse import ArgumentParser
from collections.abc import Callable, Iterator

import pytest
from botocore import xform_name
from botocore.session import get_session

from cdk_cleanrooms._cli.command import _parsed as parsed_command_line

from .pages import ROOT, Block, blocks

_SUBSTITUTION = re.compile(r"\$\(([^()]*)\)")
_SEPARATORS = {"&&", "||", "|", ";", "&", ">"}
_ASSIGNMENT = re.compile(r"[A-Z_]+=.*")
_MEMBERSHIP = "a1b2c3d4-5678-90ab-cdef-111111111111"


def _typed(block: Block) -> str:
    """Return what a person types: in a console block, the text after a prompt."""
    if block.language != "console":
        return block.code
    lines = block.code.replace("\\\n", " ").splitlines()
    return "\n".join(line.removeprefix("$ ") for line in lines if line.startswith("$ "))


def _commands(script: str) -> Iterator[list[str]]:
    """Yield the commands of a shell script, each as a list of words."""
    for line in script.replace("\\\n", " ").splitlines():
        for inner in _SUBSTITUTION.findall(line):
            yield from _commands(inner)
        # A substitution can be any word. The ID of a membership is a word that fits everywhere.
        lexer = shlex.shlex(
            _SUBSTITUTION.sub(_MEMBERSHIP, line), posix=True, punctuation_chars=True
        )
        lexer.whitespace_split = True
        words: list[str] = []
        for word in [*lexer, ";"]:
            if word not in _SEPARATORS:
                words.append(word)
                continue
            while words and _ASSIGNMENT.fullmatch(words[0]):
                del words[0]
            if words:
                yield words
            words = []


def _options(words: list[str]) -> list[str]:
    return [word.partition("=")[0] for word in words if word.startswith("-")]


def _make(words: list[str]) -> None:
    makefile = ROOT.joinpath("Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)
    variables = set(re.findall(r"\$[({]([A-Z]+)[)}]", makefile))
    for word in words:
        name, is_variable, _ = word.partition("=")
        assert name in (variables if is_variable else targets), word


def _cdk(words: list[str]) -> None:
    registry = json.loads(
        ROOT.joinpath("node_modules/aws-cdk/lib/cli/cli-type-registry.json").read_text("utf-8")
    )
    if words == ["--version"]:
        return
    command = registry["commands"][words[0]]
    known = {"-c", "--context"}
    for name, option in {**registry["globalOptions"], **command.get("options", {})}.items():
        known |= {f"--{name}", f"--no-{name}", f"-{option.get('alias')}"}
    assert set(_options(words)) <= known


def _cdk_cleanrooms(words: list[str]) -> None:
    parsed_command_line(words)


def _aws(words: list[str]) -> None:
    service, operation, *arguments = words
    model = get_session().get_service_model(service)
    by_command = {xform_name(name, "-"): name for name in model.operation_names}
    members = model.operation_model(by_command[operation]).input_shape.members
    options = {f"--{xform_name(name, '-')}" for name in members}
    assert set(_options(arguments)) <= options | {"--query", "--output", "--region"}


def _pip(words: list[str]) -> None:
    project = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text("utf-8"))["project"]
    subcommand, *requirements = words
    assert subcommand == "install"
    for requirement in requirements:
        name, _, extra = requirement.removesuffix("]").partition("[")
        assert name != project["name"], "it is on no package index: use the path of a checkout"
        if name.endswith(f"/{project['name']}"):
            assert not extra or extra in project["optional-dependencies"]


def _python(words: list[str]) -> None:
    if words[0] != "-m":
        return
    module, *arguments = words[1:]
    _MODULES[module](arguments)


def _any(_words: list[str]) -> None:
    """Accept a command that is not part of this project."""


_MODULES: dict[str, Callable[[list[str]], None]] = {
    "cdk_cleanrooms": _cdk_cleanrooms,
    "pip": _pip,
    "pytest": _any,
    "venv": _any,
}
_PROGRAMS: dict[str, Callable[[list[str]], None]] = {
    "aws": _aws,
    "cd": _any,
    "cdk": _cdk,
    "cdk-cleanrooms": _cdk_cleanrooms,
    "cp": _any,
    "exit": _any,
    "export": _any,
    "make": _make,
    "pip": _pip,
    "pre-commit": _any,
    "pytest": _any,
    "python": _python,
    "python3": _python,
    "source": _any,
}


@pytest.mark.parametrize("block", blocks("console", "sh", "shell"), ids=str)
def test_the_commands_of_a_block_exist(block: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ArgumentParser, "error", _fail)
    for program, *words in _commands(_typed(block)):
        if program.startswith("./"):
            assert (block.path.parent / program).exists()
        else:
            _PROGRAMS[program](words)


def _fail(_parser: ArgumentParser, message: str) -> None:
    pytest.fail(message)
