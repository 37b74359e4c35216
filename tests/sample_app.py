"""Run the sample app, `app.py`, in the test's own process."""

from __future__ import annotations

import json
import runpy
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import aws_cdk

ROOT = Path(__file__).parents[1]
CDK_JSON: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))


def sample_app(folder: Path, **settings: str | bool | None) -> dict[str, Any]:
    """Run the sample app as `-c name=value` does, and return the template of its stack.

    A setting with the value None is omitted, and the others replace those of `cdk.json`.
    """
    context = CDK_JSON["context"] | settings
    known = {name: value for name, value in context.items() if value is not None}
    app = partial(aws_cdk.App, outdir=str(folder), context=known)
    with patch.object(aws_cdk, "App", app):
        runpy.run_path(str(ROOT / "app.py"), run_name="__main__")
    text = (folder / "CleanRoomsSample.template.json").read_text(encoding="utf-8")
    template: dict[str, Any] = json.loads(text)
    return template
