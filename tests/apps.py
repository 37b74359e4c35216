"""Run a program that synthesizes an app, such as an example, in the test's own process.

The CDK CLI runs it in a new process. This one needs no start of Python and Node.js, and no second
start of the CDK's validation, which takes seconds.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import aws_cdk

Template = dict[str, Any]


def run_app(
    folder: Path, into: Path, context: Mapping[str, object] | None = None
) -> dict[str, Template]:
    """Run the app in a folder with the context of its `cdk.json`.

    Args:
        folder: The folder with `app.py` and `cdk.json`.
        into: The folder for the assembly.
        context: More context, as with `-c`. A value of None removes the context of this name.

    Returns:
        The template of each stack, by the stack's name.
    """
    settings = json.loads((folder / "cdk.json").read_text("utf-8"))
    assert settings["app"] == "python3 app.py"
    values = settings.get("context", {}) | dict(context or {})
    known = {name: value for name, value in values.items() if value is not None}
    app = partial(aws_cdk.App, outdir=str(into), context=known)
    with _in(folder), patch.object(aws_cdk, "App", app):
        runpy.run_path("app.py", run_name="__main__")
    return templates_of(into)


def templates_of(assembly: Path) -> dict[str, Template]:
    """Return the template of each stack of an assembly, by the stack's name."""
    return {
        artifact["properties"].get("stackName", artifact_id): json.loads(
            manifest.with_name(artifact["properties"]["templateFile"]).read_text("utf-8")
        )
        for manifest in assembly.rglob("manifest.json")
        for artifact_id, artifact in json.loads(manifest.read_text("utf-8"))["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    }


@contextmanager
def _in(folder: Path) -> Iterator[None]:
    """Let programs find the files and modules in a folder, and forget the modules afterwards."""
    before, modules = Path.cwd(), {*sys.modules}
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        os.chdir(before)
        for name in {*sys.modules} - modules:
            if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(folder)):
                del sys.modules[name]
