"""Oracles for whole templates: the CDK's own validation, and cfn-lint.

Both are slow to start, so each judges many resources at once. With many batches, each has a process
of its own, because the CDK's Node.js process keeps all objects in memory.
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

from .examples import FUZZING
from .properties import Resource
from .resources import RESOURCES

Arguments = dict[str, Any]

_RULES_OF_PROPERTIES = "E3"
_RULE_OF_UNIQUE_IDENTIFIERS = "E3019"


Declared = tuple[Resource, Arguments]
"""A resource to declare, and the arguments that differ from the arguments of its sample."""


class Verdicts(NamedTuple):
    """The refused arguments of one construct, by oracle; None if cfn-lint was not asked."""

    library: frozenset[str]
    cdk: frozenset[str]
    cfn_lint: frozenset[str] | None


def judge(batch: list[Declared], *, ask_cfn_lint: bool) -> list[Verdicts]:
    """Judge constructs, each given by its resource and its arguments."""
    named = [(resource.type_name, arguments) for resource, arguments in batch]
    if not FUZZING:
        return [Verdicts(*verdicts) for verdicts in _judge(named, ask_cfn_lint)]
    judged = subprocess.run(
        [sys.executable, "-m", "tests.conformance.templates"],
        cwd=Path(__file__).parents[2],
        input=pickle.dumps((named, ask_cfn_lint)),
        capture_output=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stderr.decode()
    return [Verdicts(*verdicts) for verdicts in pickle.loads(judged.stdout)]


def _judge(
    named: list[tuple[str, Arguments]], ask_cfn_lint: bool
) -> list[tuple[frozenset[str], frozenset[str], frozenset[str] | None]]:
    resources = {resource.type_name: resource for resource in RESOURCES}
    batch = [(resources[type_name], arguments) for type_name, arguments in named]
    with tempfile.TemporaryDirectory() as folder:
        by_library = _synthesize(batch, folder)
        by_cdk = set(_violations(batch, Path(folder, "validation-report.json")))
        template = Path(folder, "Stack.template.json").read_text("utf-8")
    by_cfn_lint = set(_matches(batch, template)) if ask_cfn_lint else None

    def refused(refusals: set[tuple[str, str]], index: int) -> frozenset[str]:
        return frozenset(
            name
            for name in batch[index][0].declared
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


def _synthesize(batch: list[Declared], folder: str) -> list[frozenset[str]]:
    """Synthesize a stack of all constructs, and return the arguments that the library refuses.

    The template contains accepted arguments as the library writes them. It also contains each
    refused argument, in a separate resource where all other arguments are valid.
    """
    from aws_cdk import App, BootstraplessSynthesizer, CfnResource, Stack

    from cdk_cleanrooms import ValidationError
    from tests.helpers import resource_of

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
    good = {
        resource: resource_of(resource.sample.declare(Stack(App(), "Good")))["Properties"]
        for resource in {resource for resource, _ in batch}
    }
    refused = []
    for index, (resource, arguments) in enumerate(batch):
        label, problems = _label(index, is_refused=False), set()
        try:
            resource.sample.declare(stack, label, **arguments)
        except ValidationError as error:
            problems = {problem.property for problem in error.problems}
            accepted = {name: value for name, value in arguments.items() if name not in problems}
            resource.sample.declare(stack, label, **accepted)
            properties = good[resource]
            for name in problems:
                part = resource.declared[name].in_resource(arguments[name])
                properties = _merged(properties, part)
            label = _label(index, is_refused=True)
            CfnResource(stack, label, type=resource.type_name, properties=properties)
        refused.append(frozenset(problems))
    try:
        # Skip the library's own checks at synthesis, for example for duplicate names.
        app.synth(skip_validation=True)
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise
    return refused


def _label(index: int, *, is_refused: bool) -> str:
    return f"Number{index}{'Refused' if is_refused else 'Accepted'}"


def _merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return one | {key: _merged(one.get(key), value) for key, value in other.items()}
    return other


def _violations(batch: list[Declared], report: Path) -> Iterator[tuple[str, str]]:
    """Yield what the CDK refuses: the label of a resource, and an argument."""
    for plugin in json.loads(report.read_text("utf-8"))["pluginReports"]:
        for violation in plugin["violations"]:
            is_unique = violation["ruleName"] != _RULE_OF_UNIQUE_IDENTIFIERS
            if is_unique and violation["severity"] == "error":
                for construct in violation["violatingConstructs"]:
                    # The CDK also refuses the stack itself, because it has too many resources.
                    if found := construct.get("cloudFormationResource"):
                        for path in found["propertyPaths"]:
                            yield _refusal(batch, found["logicalId"], path.split("."))


def _matches(batch: list[Declared], template: str) -> Iterator[tuple[str, str]]:
    """Yield what cfn-lint refuses: the label of a resource, and an argument."""
    from cfnlint.api import lint

    # cfn-lint reads JSON as YAML. Some characters must be escaped there, but not as two surrogates.
    escaped = re.sub("[\x7f-\uffff]", lambda it: f"\\u{ord(it[0]):04x}", template)
    for match in lint(escaped, regions=["us-east-1"]):
        assert not match.rule.id.startswith("E0"), match.message
        is_unique = match.rule.id != _RULE_OF_UNIQUE_IDENTIFIERS
        if is_unique and match.rule.id.startswith(_RULES_OF_PROPERTIES):
            _, *path = match.path
            # cfn-lint also refuses the stack itself, because it has too many resources.
            if path:
                yield _refusal(batch, path[0], path[1:])


def _refusal(batch: list[Declared], logical_id: str, path: list[str]) -> tuple[str, str]:
    # The logical ID consists of the construct's ID and a hash.
    label = re.match(r"Number(\d+)(Accepted|Refused)", logical_id)
    assert label
    resource, _ = batch[int(label[1])]
    reported = ".".join(map(str, path[1:]))
    (argument,) = (
        name
        for name, property in resource.declared.items()
        if f"{reported}.".startswith(f"{property.path}.")
    )
    return label[0], argument


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(_judge(*pickle.load(sys.stdin.buffer))))
