"""Oracles for whole templates: the CDK's own validation, and cfn-lint.

Both are slow to start, so each judges many resources at once. This happens in a new process,
because the CDK's Node.js process keeps all objects in memory.
"""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .properties import Resource
from .resources import RESOURCES

Arguments = dict[str, Any]

_RULES_OF_PROPERTIES = "E3"


class Verdicts(NamedTuple):
    """The refused arguments of one construct, by oracle; None if cfn-lint was not asked."""

    library: frozenset[str]
    cdk: frozenset[str]
    cfn_lint: frozenset[str] | None


def judge(resource: Resource, batch: list[Arguments], *, ask_cfn_lint: bool) -> list[Verdicts]:
    """Judge constructs of a resource, each given by its arguments."""
    judged = subprocess.run(
        [sys.executable, "-m", "tests.conformance.templates"],
        cwd=Path(__file__).parents[2],
        input=pickle.dumps((resource.type_name, batch, ask_cfn_lint)),
        capture_output=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stderr.decode()
    return [Verdicts(*verdicts) for verdicts in pickle.loads(judged.stdout)]


def _judge(
    type_name: str, batch: list[Arguments], ask_cfn_lint: bool
) -> list[tuple[frozenset[str] | None, ...]]:
    (resource,) = [each for each in RESOURCES if each.type_name == type_name]
    with tempfile.TemporaryDirectory() as folder:
        by_library = _synthesize(resource, batch, folder)
        by_cdk = set(_violations(resource, Path(folder, "validation-report.json")))
        template = Path(folder, "Stack.template.json").read_text("utf-8")
    by_cfn_lint = set(_matches(resource, template)) if ask_cfn_lint else None

    def refused(refusals: set[tuple[str, str]], index: int) -> frozenset[str]:
        return frozenset(
            name
            for name in resource.declared
            if (_label(index, is_refused=name in by_library[index]), name) in refusals
        )

    return [
        (
            by_library[index],
            refused(by_cdk, index),
            None if by_cfn_lint is None else refused(by_cfn_lint, index),
        )
        for index in range(len(batch))
    ]


def _synthesize(resource: Resource, batch: list[Arguments], folder: str) -> list[frozenset[str]]:
    """Synthesize a stack of all constructs, and return the arguments that the library refuses.

    The template contains accepted arguments as the library writes them. It also contains each
    refused argument, in a separate resource where all other arguments are valid.
    """
    from aws_cdk import App, BootstraplessSynthesizer, CfnResource, Stack

    import cdk_cleanrooms
    from cdk_cleanrooms import ValidationError

    construct = getattr(cdk_cleanrooms, resource.construct)

    app = App(
        outdir=folder,
        analytics_reporting=False,
        tree_metadata=False,
        context={
            "@aws-cdk/core:validateAgainstDefaultRules": True,
            "@aws-cdk/core:stackResourceLimit": 0,
            "aws:cdk:disable-stack-trace": True,
        },
    )
    stack = Stack(app, "Stack", synthesizer=BootstraplessSynthesizer())
    refused = []
    for index, arguments in enumerate(batch):
        label, problems = _label(index, is_refused=False), set()
        try:
            construct(stack, label, **{**resource.good} | arguments)
        except ValidationError as error:
            problems = {problem.property for problem in error.problems}
            good = {name: value for name, value in arguments.items() if name not in problems}
            construct(stack, label, **{**resource.good} | good)
            bad = {name: value for name, value in arguments.items() if name in problems}
            CfnResource(
                stack,
                _label(index, is_refused=True),
                type=resource.type_name,
                properties=_properties(resource, {**resource.good} | bad),
            )
        refused.append(frozenset(problems))
    try:
        # Without the library's own checks at synthesis, for example for duplicate names.
        app.synth(skip_validation=True)
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise
    return refused


def _label(index: int, *, is_refused: bool) -> str:
    return f"Number{index}{'Refused' if is_refused else 'Accepted'}"


def _properties(resource: Resource, arguments: Arguments) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, value in arguments.items():
        for key, part in resource.declared[name].resource(value).items():
            # Two arguments become one property in the template.
            properties[key] = properties.get(key, {}) | part if isinstance(part, dict) else part
    return properties


def _violations(resource: Resource, report: Path) -> Iterator[tuple[str, str]]:
    """Yield what the CDK refuses: the label of a resource, and an argument."""
    for plugin in json.loads(report.read_text("utf-8"))["pluginReports"]:
        for violation in plugin["violations"]:
            if violation["severity"] == "error":
                for construct in violation["violatingConstructs"]:
                    # The CDK also refuses the stack itself, because it has too many resources.
                    if found := construct.get("cloudFormationResource"):
                        for path in found["propertyPaths"]:
                            yield _refusal(resource, found["logicalId"], path.split("."))


def _matches(resource: Resource, template: str) -> Iterator[tuple[str, str]]:
    """Yield what cfn-lint refuses: the label of a resource, and an argument."""
    from cfnlint.api import lint

    # cfn-lint reads JSON as YAML. Some characters must be escaped there, but not as two surrogates.
    escaped = re.sub("[\x7f-\uffff]", lambda it: f"\\u{ord(it[0]):04x}", template)
    for match in lint(escaped, regions=["us-east-1"]):
        assert not match.rule.id.startswith("E0"), match.message
        if match.rule.id.startswith(_RULES_OF_PROPERTIES):
            _, *path = match.path
            # cfn-lint also refuses the stack itself, because it has too many resources.
            if path:
                yield _refusal(resource, path[0], path[1:])


def _refusal(resource: Resource, logical_id: str, path: list[str]) -> tuple[str, str]:
    # The logical ID consists of the construct's ID and a hash.
    label = re.match(r"Number\d+(Accepted|Refused)", logical_id)
    _, *steps = path
    argument_at = {property.place: name for name, property in resource.declared.items()}
    assert label
    return label[0], argument_at[tuple(steps[: 2 if len(steps) > 1 and steps[0] != "Tags" else 1])]


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(_judge(*pickle.load(sys.stdin.buffer))))
