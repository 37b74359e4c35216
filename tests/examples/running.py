"""Run an example as the CDK CLI does, and read its output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(file.parent.name for file in EXAMPLES.glob("*/cdk.json"))

Template = dict[str, Any]

ASSOCIATION = "AWS::CleanRooms::IdNamespaceAssociation"


def plain_environment() -> dict[str, str]:
    """Return an environment without settings for AWS, the CDK or pytest."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "CDK_", "PYTEST_"))
    }


class Assembly:
    """The cloud assembly of an example."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def synthesize(
        self,
        name: str,
        folder: Path | None = None,
        *,
        validate: bool = True,
        context: Mapping[str, str] | None = None,
    ) -> None:
        """Run an example with the context of its `cdk.json`.

        Args:
            name: The name of the example.
            folder: The folder of a copy of the example.
            validate: Whether the CDK validates the templates, which takes seconds.
            context: More context, as with `-c`.
        """
        settings = json.loads((EXAMPLES / name / "cdk.json").read_text("utf-8"))
        program, *arguments = settings["app"].split()
        assert program == "python3"
        process = subprocess.run(
            [sys.executable, *arguments],
            cwd=folder or EXAMPLES / name,
            env=plain_environment()
            | {
                "CDK_CONTEXT_JSON": json.dumps(settings["context"] | dict(context or {})),
                "CDK_VALIDATION": str(validate).lower(),
                "CDK_OUTDIR": str(self.folder),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.returncode == 0, process.stdout
        # The CDK prints neither errors nor warnings.
        assert process.stdout == ""

    @property
    def templates(self) -> dict[str, Template]:
        """Return the template of each stack, by the stack's name."""
        found: dict[str, Template] = {}
        for manifest in self.folder.rglob("manifest.json"):
            for artifact_id, artifact in json.loads(manifest.read_text("utf-8"))[
                "artifacts"
            ].items():
                if artifact["type"] == "aws:cloudformation:stack":
                    name = artifact["properties"].get("stackName", artifact_id)
                    file = manifest.with_name(artifact["properties"]["templateFile"])
                    found[name] = json.loads(file.read_text("utf-8"))
        return found


def resources_of(template: Template, resource_type: str) -> dict[str, dict[str, Any]]:
    """Return the resources of a type, by logical ID."""
    return {
        logical_id: resource
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == resource_type
    }
