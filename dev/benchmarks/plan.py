"""Measure the plan of `cdk-cleanrooms adopt`: `python -m dev.benchmarks.plan 200 --delay 0.02`.

The command asks a service on this machine, in which all resources exist.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cdk_cleanrooms._core.types import ID_NAMESPACE_ASSOCIATION

from .service import Answers, Measured, measure, page
from .values import ACCOUNT, COLLABORATION as MEMBERSHIP, ID_NAMESPACE, REGION

PAGE = 20


def plan(count: int, *, delay: float = 0, python: str = sys.executable) -> Measured:
    """Plan the adoption of associations in one membership, all of which exist.

    Args:
        count: The number of associations.
        delay: The number of seconds before each answer.
        python: The interpreter, which can have another version of this library.
    """
    items = [
        {"id": _identifier(index), "name": f"customers-{index}", "membershipId": MEMBERSHIP}
        for index in range(count)
    ]

    def properties(_: str, identifier: str) -> dict[str, Any]:
        id = identifier.split("|")[0]
        arn = f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:membership/{MEMBERSHIP}/x/{id}"
        return {**_resource(int(id[-12:])), "Arn": arn}

    def listed(_: str, parameters: dict[str, str]) -> tuple[str, Any]:
        return "List", page("idNamespaceAssociationSummaries", items, parameters, PAGE)

    with TemporaryDirectory() as folder:
        _write_assembly(Path(folder), count)
        return measure(
            ["-m", "cdk_cleanrooms", "adopt", "--dry-run", "--app", ".", "--cdk", python],
            Answers(properties, listed),
            Path(folder),
            delay=delay,
            python=python,
        )


def _resource(index: int) -> dict[str, Any]:
    return {
        "MembershipIdentifier": MEMBERSHIP,
        "Name": f"customers-{index}",
        "InputReferenceConfig": {
            "InputReferenceArn": ID_NAMESPACE,
            "ManageResourcePolicies": True,
        },
    }


def _identifier(index: int) -> str:
    return f"a1b2c3d4-5678-90ab-cdef-{index:012}"


def _write_assembly(folder: Path, count: int) -> None:
    type = ID_NAMESPACE_ASSOCIATION.name
    resources = {
        f"Customers{index}": {"Type": type, "Properties": _resource(index)}
        for index in range(count)
    }
    # The form of the first versions, which every version understands.
    adoptions = {
        name: {"ConstructPath": f"Stack/{name}", "ResourceType": type, "ResourceIdentifier": None}
        for name in resources
    }
    manifest = {
        "version": "48.0.0",
        "artifacts": {
            "Stack": {
                "type": "aws:cloudformation:stack",
                "environment": f"aws://{ACCOUNT}/{REGION}",
                "properties": {"templateFile": "Stack.template.json"},
            }
        },
    }
    for name, content in {
        "Stack.template.json": {"Resources": resources},
        "Stack.adopt.json": adoptions,
        "manifest.json": manifest,
    }.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")


if __name__ == "__main__":
    parser = ArgumentParser("python -m dev.benchmarks.plan")
    parser.add_argument("count", type=int, help="the number of associations")
    parser.add_argument("--delay", type=float, default=0, help="the seconds before each answer")
    parser.add_argument("--python", default=sys.executable, help="the interpreter to measure")
    options = parser.parse_args()
    measured = plan(options.count, delay=options.delay, python=options.python)
    sys.stdout.write(f"{measured.requests.total()} requests, {measured.seconds:.2f} s\n")
