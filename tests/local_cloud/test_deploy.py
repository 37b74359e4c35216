"""Tests of `cdk-cleanrooms local deploy` with a fake CDK CLI."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

import pytest

from cdk_cleanrooms.local_cloud import LocalAccount, LocalCloud
from cdk_cleanrooms.local_cloud.listing import listing
from tests.helpers import is_closed_soon, react_to_ctrl_c

from .samples import INVITATION

REPOSITORY = Path(__file__).parents[2]
SECONDS = 900

STAND_IN = """\
#!{python}
import json, os, sys, time
if sys.argv[1] == "--version":
    print({version!r})
    sys.exit()
with open({calls!r}, "a") as file:
    call = [sys.argv[1:], os.getcwd(), os.environ["AWS_ENDPOINT_URL"], os.getpid()]
    print(json.dumps(call), file=file)
print("noise of", sys.argv[1], flush=True)
if sys.argv[1] == "bootstrap":
    # boto3 takes longer to load than all the rest.
    import urllib.parse, urllib.request
    template = json.dumps({{"Resources": {{"Queue": {{"Type": "AWS::SQS::Queue"}}}}}})
    call = {{"Action": "CreateStack", "StackName": "CDKToolkit", "TemplateBody": template}}
    scope = "{{AWS_ACCESS_KEY_ID}}/20260101/{{AWS_REGION}}/cloudformation/aws4_request"
    signed = "AWS4-HMAC-SHA256 Credential=" + scope.format_map(os.environ)
    url, body = os.environ["AWS_ENDPOINT_URL"], urllib.parse.urlencode(call).encode()
    urllib.request.urlopen(urllib.request.Request(url, body, {{"Authorization": signed}}))
{body}
"""


class Call(NamedTuple):
    """One call of the fake CDK CLI."""

    arguments: list[str]
    folder: str
    endpoint: str
    process: int


class Start(Protocol):
    """Starts `deploy` with a fake CDK CLI that runs Python code."""

    def __call__(
        self, body: str, *arguments: str, apps: Sequence[str] = ()
    ) -> subprocess.Popen[str]: ...


class Install(Protocol):
    """Installs a fake CDK CLI that runs Python code, and returns the `PATH` to find it."""

    def __call__(self, body: str, *, version: str = "2.1148.1 (build 0)") -> str: ...


@pytest.fixture
def install(tmp_path: Path) -> Install:
    def installed(body: str, *, version: str = "2.1148.1 (build 0)") -> str:
        values = {"python": sys.executable, "calls": str(tmp_path / "calls")}
        stand_in = tmp_path / "bin" / "cdk"
        stand_in.parent.mkdir()
        stand_in.write_text(STAND_IN.format(**values, version=version, body=body))
        stand_in.chmod(0o755)
        return os.pathsep.join([str(stand_in.parent), os.environ["PATH"]])

    return installed


@pytest.fixture
def start(tmp_path: Path, install: Install) -> Iterator[Start]:
    processes: list[subprocess.Popen[str]] = []

    def started(body: str, *arguments: str, apps: Sequence[str] = ()) -> subprocess.Popen[str]:
        path = install(body)
        process = subprocess.Popen(
            [sys.executable, "-m", "cdk_cleanrooms", "local", "deploy", *apps, "--", *arguments],
            cwd=tmp_path,
            env={
                **os.environ,
                "PATH": path,
                "PYTHONPATH": str(REPOSITORY),
                # A killed process cannot remove its temporary folders.
                "TMPDIR": str(tmp_path),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=react_to_ctrl_c,
        )
        processes.append(process)
        return process

    yield started
    for process in processes:
        process.kill()
        process.communicate()


def calls(folder: Path) -> list[Call]:
    return [Call(*json.loads(line)) for line in (folder / "calls").read_text().splitlines()]


def is_gone(call: Call) -> bool:
    """Return whether the cloud of a call and the call itself have ended."""
    address = urlsplit(call.endpoint)
    with socket.socket() as connection:
        is_closed = connection.connect_ex((address.hostname, address.port)) != 0
    try:
        os.kill(call.process, 0)
    except ProcessLookupError:
        return is_closed
    return False


def test_it_shows_what_exists_and_has_the_exit_status_of_the_cli(
    start: Start, tmp_path: Path, request_to_create: dict[str, Any]
) -> None:
    request = request_to_create | {"tags": {"Team": "Data"}, "description": "Ours"}
    body = (
        "if sys.argv[1] == 'deploy':\n"
        "    import boto3\n"
        f"    boto3.client('cleanrooms').create_id_namespace_association(**{request!r})\n"
        "    sys.exit(3)"
    )
    process = start(body, "-c", "name=customers", "--method", "direct")
    output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 3
    for shown in ("noise of deploy", "customers", "idnamespace/people", "Tag Team: Data", "Ours"):
        assert shown in output
    assert "noise of bootstrap" not in output
    bootstrap, deploy = calls(tmp_path)
    assert bootstrap.arguments == ["bootstrap", "aws://111122223333/us-east-1"]
    assert deploy.arguments[:3] == ["deploy", "--require-approval", "never"]
    assert deploy.arguments[3:] == ["-c", "name=customers", "--method", "direct"]
    assert deploy.folder == str(tmp_path) != bootstrap.folder
    assert is_gone(deploy)


def test_the_listing_shows_what_both_services_contain_as_a_tree(
    cleanrooms_cloud: LocalAccount,
) -> None:
    clean_rooms = cleanrooms_cloud.client("cleanrooms")
    partner = cleanrooms_cloud.other_account()
    request = INVITATION | {"members": [], "queryLogStatus": "DISABLED"}
    collaboration = clean_rooms.create_collaboration(**request)["collaboration"]["id"]
    membership = clean_rooms.create_membership(
        collaborationIdentifier=collaboration, queryLogStatus="DISABLED"
    )["membership"]["id"]
    clean_rooms.create_analysis_template(
        membershipIdentifier=membership,
        name="overlap",
        format="SQL",
        source={"text": "SELECT 1"},
    )
    cleanrooms_cloud.client("entityresolution").create_schema_mapping(
        schemaName="customers",
        mappedInputFields=[
            {"fieldName": "id", "type": "UNIQUE_ID"},
            {"fieldName": "email", "type": "EMAIL_ADDRESS", "matchKey": "Email"},
        ],
    )
    titles = [line for line in listing(cleanrooms_cloud).splitlines() if ": " not in line]
    assert titles == [
        "In the local Clean Rooms:",
        "  Collaboration match",
        f"    Membership {membership}",
        "      AnalysisTemplate overlap",
        "In the local Entity Resolution:",
        "  SchemaMapping customers",
    ]
    assert listing(partner) == "In the local Clean Rooms:\n  nothing\n"


def test_an_app_that_does_not_exist_is_reported_at_once(start: Start, tmp_path: Path) -> None:
    process = start("", apps=["missing"])
    output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert output.startswith("cdk-cleanrooms local: error: There is no app missing. It must be")
    assert not (tmp_path / "calls").exists()


def test_a_file_and_an_assembly_are_apps(start: Start, tmp_path: Path) -> None:
    (tmp_path / "my app.py").touch()
    (tmp_path / "cdk.out").mkdir()
    (tmp_path / "cdk.out" / "manifest.json").touch()
    process = start("", apps=["my app.py", "cdk.out"])
    output, _ = process.communicate(timeout=SECONDS)
    assert output.endswith("In the local Clean Rooms:\n  nothing\n")
    _, file, assembly = calls(tmp_path)
    assert (file.arguments[3:], file.folder) == (["--app", "python3 'my app.py'"], str(tmp_path))
    assert assembly.arguments[3:] == ["--app", "."]
    assert assembly.folder == str(tmp_path / "cdk.out")


def test_a_missing_cli_is_reported(monkeypatch: pytest.MonkeyPatch, cloud: LocalCloud) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FileNotFoundError, match="no CDK CLI on PATH"):
        cloud.bootstrap()


def test_a_test_runs_the_cli_in_its_account_which_is_bootstrapped_once(
    install: Install,
    tmp_path: Path,
    cleanrooms_cloud: LocalAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", install("if sys.argv[1] == 'diff': sys.exit(3)"))
    for _ in range(2):
        result = cleanrooms_cloud.cdk("diff", "Mine", folder=tmp_path)
        assert (result.returncode, result.stdout) == (3, "noise of diff\n")
    bootstrap, *diffs = calls(tmp_path)
    assert bootstrap.arguments == ["bootstrap", f"aws://{cleanrooms_cloud.account}/us-east-1"]
    assert [(one.arguments, one.folder) for one in diffs] == [
        (["diff", "Mine"], str(tmp_path)),
        (["diff", "Mine"], str(tmp_path)),
    ]


@pytest.mark.parametrize("version", ["2.176.0 (build 0)", "1.204.0", "Segmentation fault"])
def test_a_cli_that_would_use_aws_is_refused(
    version: str,
    install: Install,
    tmp_path: Path,
    cleanrooms_cloud: LocalAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", install("", version=version))
    with pytest.raises(RuntimeError, match=r"must be 2\.177\.0 or newer") as refused:
        cleanrooms_cloud.cdk("deploy")
    assert str(refused.value).endswith(f"says: {version}")
    assert not (tmp_path / "calls").exists()


@pytest.mark.parametrize(
    ("package", "is_asked"),
    [
        ({"name": "aws-cdk", "version": "2.176.0"}, False),
        ({"name": "another", "version": "2.1148.1"}, True),
        (["aws-cdk"], True),
    ],
    ids=["the CLI", "another package", "no package"],
)
def test_the_version_of_the_cli_is_read_from_its_package(
    package: object,
    is_asked: bool,
    install: Install,
    tmp_path: Path,
    cleanrooms_cloud: LocalAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", install("", version="2.100.0 (build 0)"))
    (tmp_path / "package.json").write_text(json.dumps(package), "utf-8")
    with pytest.raises(RuntimeError, match="and use AWS") as refused:
        cleanrooms_cloud.cdk("deploy")
    told = "2.100.0 (build 0)" if is_asked else "2.176.0"
    assert str(refused.value).endswith(f"says: {told}")


def test_a_bootstrap_is_the_same_whether_the_cli_is_a_package_or_a_program_that_starts_it(
    cleanrooms_cloud: LocalAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bootstrapped(account: LocalAccount) -> tuple[Any, ...]:
        account.bootstrap()
        client = account.client("cloudformation")
        [stack] = client.describe_stacks(StackName="CDKToolkit")["Stacks"]
        pages = client.get_paginator("list_stack_resources").paginate(StackName="CDKToolkit")
        listed = [one for page in pages for one in page["StackResourceSummaries"]]
        resources = [
            (one["LogicalResourceId"], one["PhysicalResourceId"].replace(account.account, "…"))
            for one in listed
        ]
        return stack["Parameters"], stack["StackStatus"], sorted(resources)

    others = [cleanrooms_cloud.other_account() for _ in range(2)]
    package = bootstrapped(others[0])
    # With the user's own settings, the CLI would lead to AWS.
    settings = {"profile": "production", "proxy": "http://127.0.0.1:1"}
    tmp_path.joinpath(".cdk.json").write_text(json.dumps(settings), "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    program = tmp_path / "bin" / "cdk"
    program.parent.mkdir()
    # The version would take the CLI another second.
    starts = f'[ "$1" = --version ] && exec echo 2.177.0\nexec "{shutil.which("cdk")}" "$@"\n'
    program.write_text(f"#!/bin/sh\n{starts}")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    assert bootstrapped(others[1]) == package


def test_a_bootstrap_that_did_not_use_the_local_cloud_is_reported(
    install: Install, cleanrooms_cloud: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = "import boto3; boto3.client('cloudformation').delete_stack(StackName='CDKToolkit')"
    monkeypatch.setenv("PATH", install(elsewhere))
    with pytest.raises(RuntimeError, match="did not use the local cloud"):
        cleanrooms_cloud.cdk("deploy")


def test_a_failed_bootstrap_is_reported(start: Start, tmp_path: Path) -> None:
    process = start("sys.exit(5 if sys.argv[1] == 'bootstrap' else 0)")
    output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert "noise of bootstrap" in output
    [bootstrap] = calls(tmp_path)
    assert is_gone(bootstrap)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything(start: Start, tmp_path: Path, ending: signal.Signals) -> None:
    process = start("if sys.argv[1] == 'deploy': time.sleep(600)")
    assert process.stdout is not None
    assert process.stdout.readline() == "noise of deploy\n"
    process.send_signal(ending)
    process.communicate(timeout=SECONDS)
    assert process.returncode == 128 + ending
    assert is_gone(calls(tmp_path)[-1])


@pytest.mark.parametrize("command", ["bootstrap", "deploy"])
def test_the_cli_and_its_app_end_with_a_process_that_is_killed(
    start: Start, tmp_path: Path, command: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(SECONDS)
        connect = (
            "import socket, time\n"
            f"connection = socket.create_connection({server.getsockname()!r})\n"
        )
        app = f"{connect}time.sleep({2 * SECONDS})"
        process = start(
            f"import subprocess\n{connect}"
            f"if sys.argv[1] == {command!r}: subprocess.run([sys.executable, '-c', {app!r}])"
        )
        connections = [server.accept()[0] for _ in range({"bootstrap": 2, "deploy": 3}[command])]
        process.kill()
        for connection in connections:
            connection.settimeout(SECONDS)
            assert connection.recv(1) == b""
            connection.close()
    assert is_closed_soon(calls(tmp_path)[-1].endpoint)
