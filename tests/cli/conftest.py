"""Fixtures that run the command in this process, with a fake AWS and a fake CDK CLI."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import boto3
import pytest

from cdk_cleanrooms._cli import command
from tests.cli.fake_aws import ASSOCIATION, Clients, FakeAws
from tests.samples import ID_NAMESPACE_ARN, MEMBERSHIP_ID, REGION

_CDK = """\
#!/bin/sh
printf '%s\\n' "$*" >> '{folder}/calls'
echo 'The output of the CDK CLI'
case $1 in
{first}
synth)
    while [ "$1" != --output ]; do shift; done
    mkdir -p "$2" && cp -R '{folder}/prepared/.' "$2" ;;
import)
    cp "$6" "{folder}/imported/$(echo "$2" | tr / -)" ;;
esac
"""


class Outcome(NamedTuple):
    status: object
    output: str
    error: str


class Cdk:
    """A fake CDK CLI."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = folder / "bin" / "cdk"
        for name in ("bin", "prepared", "imported"):
            (folder / name).mkdir(parents=True)
        self.does()

    def does(self, **commands: str) -> None:
        """Replace some of its commands with shell code."""
        first = "\n".join(f"{name}) {action} ;;" for name, action in commands.items())
        self.program.write_text(_CDK.format(folder=self.folder, first=first))
        self.program.chmod(0o755)

    def calls(self) -> list[str]:
        """Return the command lines with which it was called."""
        file = self.folder / "calls"
        return file.read_text().splitlines() if file.exists() else []

    def commands(self) -> list[str]:
        """Return the commands with which it was called, with their stacks."""
        calls = [call.split() for call in self.calls()]
        return [call[0] if call[0] == "synth" else " ".join(call[:2]) for call in calls]

    def mapping(self, stack: str = "Stack") -> Any:
        """Return the resources that were imported into a stack."""
        return json.loads((self.folder / "imported" / stack).read_text())


class Assembly:
    """A cloud assembly like the one that the CDK synthesizes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stacks: dict[str, dict[str, Any]] = {}

    def has_stack(
        self,
        *constructs: tuple[str, dict[str, Any], dict[str, Any] | None],
        id: str = "Stack",
        environment: str = f"aws://unknown-account/{REGION}",
        more: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] = MappingProxyType({}),
        **artifact: object,
    ) -> None:
        """Add a stack with constructs, and write the assembly."""
        self.folder.mkdir(exist_ok=True)
        template = {
            "Resources": {logical_id: resource for logical_id, resource, _ in constructs},
            **(more or {}),
        }
        adoptions = {logical_id: entry for logical_id, _, entry in constructs if entry}
        self._write(f"{id}.template.json", template)
        if adoptions:
            self._write(f"{id}.adopt.json", adoptions)
        self.add(
            id,
            type="aws:cloudformation:stack",
            environment=environment,
            **artifact,
            properties={"templateFile": f"{id}.template.json", **properties},
        )

    def add(self, id: str, **artifact: object) -> None:
        """Add an artifact of any type."""
        self._stacks[id] = artifact
        self._write("manifest.json", {"version": "48.0.0", "artifacts": self._stacks})

    def _write(self, name: str, content: object) -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / name).write_text(json.dumps(content))


def construct(
    logical_id: str,
    type_name: str,
    properties: dict[str, Any],
    *,
    identifier: dict[str, str] | None = None,
    **attributes: Any,
) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
    """Return an adopting construct: its logical ID, its resource, and its entry for the command."""
    path = f"Stack/{logical_id}"
    return (
        logical_id,
        {
            "Type": type_name,
            "Properties": properties,
            "Metadata": {"aws:cdk:path": f"{path}/Resource"},
            **attributes,
        },
        {"ConstructPath": path, "ResourceType": type_name, "ResourceIdentifier": identifier},
    )


def association(
    name: str,
    *,
    identifier: str | None = None,
    tags: dict[str, Any] | None = None,
    attributes: dict[str, Any] | None = None,
    logical_id: str | None = None,
    **properties: Any,
) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
    """Return an adopting association."""
    declared = {
        "MembershipIdentifier": MEMBERSHIP_ID,
        "Name": name,
        "InputReferenceConfig": {
            "InputReferenceArn": ID_NAMESPACE_ARN,
            "ManageResourcePolicies": True,
        },
        **properties,
    }
    if tags:
        declared["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    wanted = identifier and {
        "IdNamespaceAssociationIdentifier": identifier,
        "MembershipIdentifier": MEMBERSHIP_ID,
    }
    return construct(
        logical_id or name.capitalize(),
        ASSOCIATION,
        declared,
        identifier=wanted or None,
        **(attributes or {}),
    )


Adopt = Callable[..., Outcome]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Wait for the threads that a command leaves when it ends early, before a fixture ends.

    The AWS of the next test would answer and count their requests.
    """
    before = {*threading.enumerate()}
    try:
        return (yield)
    finally:
        for thread in {*threading.enumerate()} - before:
            thread.join()


@pytest.fixture(scope="session")
def clients() -> Clients:
    return Clients()


def configure(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Make boto3 find test credentials, and no settings of this machine."""
    for variable in os.environ:
        if variable.startswith("AWS_"):
            monkeypatch.delenv(variable)
    for variable, value in {
        "AWS_ACCESS_KEY_ID": "KEYOFENVIRONMENT",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": str(folder / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
        "COLUMNS": "80",
    }.items():
        monkeypatch.setenv(variable, value)


@pytest.fixture
def cdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cdk:
    cdk = Cdk(tmp_path / "cdk")
    (tmp_path / "cdk.json").write_text('{"app": "python app.py"}')
    monkeypatch.setenv("PATH", f"{cdk.program.parent}:/usr/bin:/bin")
    monkeypatch.chdir(tmp_path)
    return cdk


@pytest.fixture
def aws(cdk: Cdk, clients: Clients, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    configure(monkeypatch, cdk.folder.parent)
    clients.aws = FakeAws(cdk.folder / "imported")
    monkeypatch.setattr(
        boto3.Session, "client", lambda *arguments, **named: clients.client(*arguments, **named)
    )
    yield clients.aws
    clients.aws = None


@pytest.fixture
def assembly(cdk: Cdk) -> Assembly:
    return Assembly(cdk.folder / "prepared")


@pytest.fixture
def adopt(aws: FakeAws, capfd: pytest.CaptureFixture[str]) -> Adopt:
    def adopt(*arguments: str) -> Outcome:
        aws.requests.clear()
        status: object
        try:
            status = command.main(["adopt", *arguments])
        except SystemExit as left:
            status = left.code
        return Outcome(status, *capfd.readouterr())

    return adopt
