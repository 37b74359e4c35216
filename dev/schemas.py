"""Renew the schemas that the local cloud ships: `python -m dev.schemas`.

They are the schemas of cfn-lint, which AWS publishes, as cfn-lint has patched them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from cdk_cleanrooms.local_cloud.resource_schema import SCHEMAS, file_name

_PREFIXES = ("AWS::CleanRooms::", "AWS::EntityResolution::")


def published() -> Iterator[tuple[str, str]]:
    """Yield the name and the schema of each type of the two services that cfn-lint has."""
    # The files are read without cfn-lint, because importing it takes seconds.
    data = Path(str(distribution("cfn-lint").locate_file("cfnlint/data/schemas")))
    names: dict[str, str] = json.loads((data / "providers/us-east-1.json").read_text("utf-8"))
    for type_name, name in sorted(names.items()):
        if type_name.startswith(_PREFIXES):
            schema = json.loads((data / f"resources/{name}.json").read_text("utf-8"))
            yield type_name, f"{json.dumps(schema, indent=1, ensure_ascii=False)}\n"


def main() -> None:
    """Write the schemas, and remove those that cfn-lint no longer has."""
    for file in SCHEMAS.glob("*.json"):
        file.unlink()
    for type_name, schema in published():
        (SCHEMAS / file_name(type_name)).write_text(schema, "utf-8")


if __name__ == "__main__":
    main()
