"""The examples, and their cloud assemblies."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.apps import Template, run_app, templates_of

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(file.parent.name for file in EXAMPLES.glob("*/cdk.json"))

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
        self, name: str, folder: Path | None = None, context: Mapping[str, str] | None = None
    ) -> None:
        """Run an example with the context of its `cdk.json`.

        Args:
            name: The name of the example.
            folder: The folder of a copy of the example.
            context: More context, as with `-c`.
        """
        run_app(folder or EXAMPLES / name, self.folder, context)

    @property
    def messages(self) -> list[str]:
        """Return the files with warnings or errors, which the CDK CLI would show."""
        return [
            file.name
            for file in self.folder.rglob("*.json")
            if re.search("aws:cdk:(warning|error)", file.read_text("utf-8"))
        ]

    @property
    def templates(self) -> dict[str, Template]:
        """Return the template of each stack, by the stack's name."""
        return templates_of(self.folder)


def resources_of(template: Template, resource_type: str) -> dict[str, dict[str, Any]]:
    """Return the resources of a type, by logical ID."""
    return {
        logical_id: resource
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == resource_type
    }
