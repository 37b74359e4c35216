"""Synthesize printed apps in a process of their own, because the command runs without the CDK.

The process reads one request on each line of its standard input and answers each with a line.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from types import TracebackType
from typing import Any, NamedTuple, TypeAlias

from ..._review.assembly import read
from .printer import App

Signatures: TypeAlias = Mapping[str, Mapping[str, Any]]
"""The arguments of each class that can be left out, with the defaults that are literals."""

_REPLACED = "_replaced"
_ATTEMPT = f"""
try:
    pass
except Exception as _refusal:
    {_REPLACED}.append(getattr(_refusal, "construct_path", "").partition("/")[2])
"""


class Properties(NamedTuple):
    """The properties of a resource type, in lower case."""

    writable: Sequence[str]
    """Those that a template can declare."""
    read_only: Sequence[str]
    """Those that only the service sets, or the parts of them that are known."""


class CannotSynthesizeError(Exception):
    """The CDK could not be started; the message is the reason."""


@dataclass(frozen=True)
class Synthesized:
    """The result of one synthesis.

    Attributes:
        template: The template of the stack.
        logical_ids: The logical ID of each construct's resource, by the construct's ID.
        error: Why the app could not be synthesized, or None.
        construct: The ID of the construct that was refused, if it is known.
        replaced: The IDs of the constructs that were refused, and then declared as in the other
            app.
    """

    template: Mapping[str, Any] = field(default_factory=dict)
    logical_ids: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    construct: str | None = None
    replaced: Sequence[str] = ()

    def resource(self, construct_id: str) -> Mapping[str, Any]:
        """Return the resource of a construct in the template."""
        resources: Mapping[str, Any] = self.template.get("Resources", {})
        found: Mapping[str, Any] = resources.get(self.logical_ids.get(construct_id, ""), {})
        return found


class Synthesizer(AbstractContextManager["Synthesizer"]):
    """A process that synthesizes apps."""

    def __init__(self) -> None:
        self._outdir = TemporaryDirectory()
        # A file, because nobody reads a pipe while the process writes many warnings.
        self._errors = TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._process = subprocess.Popen(
            # With -P, a module in the current folder does not hide one of the library.
            [sys.executable, "-P", "-c", f"from {__name__} import main; main()"],
            # The CDK's own validation takes seconds, and nobody would see its warnings.
            env=os.environ
            | {
                "CDK_CONTEXT_JSON": "{}",
                "CDK_OUTDIR": self._outdir.name,
                "CDK_VALIDATION": "false",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            encoding="utf-8",
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()
        self._errors.close()
        self._outdir.cleanup()

    def optional_arguments(self, classes: Sequence[str]) -> Signatures:
        """Return the arguments of classes of this library that can be left out.

        The default of each is a literal, or None if the construct finds it.
        """
        answer: Signatures = self._ask({"classes": sorted(classes)})
        return answer

    def properties(self, types: Sequence[str]) -> Mapping[str, Properties]:
        """Return the properties of resource types."""
        answer: Mapping[str, Mapping[str, Sequence[str]]] = self._ask({"types": sorted(types)})
        return {name: Properties(**found) for name, found in answer.items()}

    def synthesize(self, app: App, *, otherwise: App | None = None) -> Synthesized:
        """Synthesize an app.

        Args:
            app: The app.
            otherwise: The same app with more arguments. A construct that is refused in the first
                app is declared as in this one.
        """
        texts = {"text": app.text, "otherwise": (otherwise or app).text}
        return Synthesized(**self._ask({**texts, "files": app.files, "stack": app.stack}))

    def _ask(self, request: Mapping[str, Any]) -> Any:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())
        except (OSError, ValueError):
            process.communicate()
            self._errors.seek(0)
            reason = self._errors.read().strip().splitlines()
            raise CannotSynthesizeError(reason[-1] if reason else "it gave no reason") from None


def _answers(requests: Iterable[str]) -> Iterator[str]:
    """Yield the answer to each request."""
    for line in requests:
        request = json.loads(line)
        if "classes" in request:
            answer: object = {name: _optional(name) for name in request["classes"]}
        elif "types" in request:
            answer = {name: _properties(name) for name in request["types"]}
        else:
            answer = _synthesize(request)
        yield json.dumps(answer) + "\n"


def _optional(name: str) -> Mapping[str, Any]:
    from importlib import import_module
    from inspect import Parameter, signature

    # By name, because only this process loads the constructs, and not the command.
    library = import_module("cdk_cleanrooms")
    parameters = signature(getattr(library, name)).parameters.values()
    return {
        one.name: one.default if isinstance(one.default, bool | str | tuple) else None
        for one in parameters
        if one.default is not Parameter.empty
    }


def _properties(name: str) -> Mapping[str, Sequence[str]]:
    from importlib import import_module
    from inspect import signature

    _, service, type = name.split("::")
    l1 = getattr(import_module(f"aws_cdk.aws_{service.lower()}"), f"Cfn{type}")
    attributes = [one.removeprefix("attr_") for one in dir(l1) if one.startswith("attr_")]
    return {
        "writable": [one.replace("_", "") for one in signature(l1.__init__).parameters],
        "read_only": [one.replace("_", "") for one in attributes],
    }


def _synthesize(request: Mapping[str, Any]) -> Mapping[str, Any]:
    replaced: list[str] = []
    with TemporaryDirectory() as folder:
        file = Path(folder) / "app.py"
        for name, content in request["files"].items():
            (Path(folder) / name).write_text(content, "utf-8")
        names = {"__file__": str(file), "__name__": "__main__", _REPLACED: replaced}
        try:
            code = _with_alternatives(request["text"], request["otherwise"])
            exec(compile(code, str(file), "exec"), names)
            app: Any = names["app"]
            # Each part of the object that `synth` returns would be a request to the CDK.
            stacks = read(Path(app.synth().directory))
            stack = next(one for one in stacks if one.name == request["stack"])
        except Exception as error:
            path = getattr(error, "construct_path", "")
            construct = path.partition("/")[2] or None
            return {"error": f"{type(error).__name__}: {error}", "construct": construct}
    paths = {id: path.split("/") for id, path in stack.paths.items()}
    # A resource is right below its construct, which is in the stack.
    ids = {path[1]: id for id, path in paths.items() if len(path) == 3}
    return {"template": stack.template, "logical_ids": ids, "replaced": replaced}


def _with_alternatives(text: str, otherwise: str) -> ast.Module:
    """Return the second app, which first tries the declarations of the first one.

    A construct that refuses its arguments has created nothing, so it can be declared again. Only
    the second app is sure to import all names.
    """
    module = ast.parse(otherwise)
    declarations = _declarations(module)
    for number, first in enumerate(_declarations(ast.parse(text))):
        second = declarations[number]
        if ast.dump(first) != ast.dump(second):
            (attempt,) = ast.parse(_ATTEMPT).body
            assert isinstance(attempt, ast.Try)
            attempt.body = [first]
            attempt.handlers[0].body.append(second)
            declarations[number] = attempt
    return module


def _declarations(module: ast.Module) -> list[ast.stmt]:
    """Return the statements of the stack's constructor."""
    found = (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef))
    return next((node.body for node in found), [])


def main() -> None:
    """Answer the requests on standard input."""
    channel = sys.stdout
    # The app and its warnings must not write to the channel of the answers.
    with redirect_stdout(sys.stderr):
        for answer in _answers(sys.stdin):
            channel.write(answer)
            channel.flush()
