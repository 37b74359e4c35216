"""Tests of the local cloud over HTTP, as clients use it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4
from zipfile import ZipFile

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from cdk_cleanrooms.local_cloud import LocalCloud, LocalCloudServer
from cdk_cleanrooms.local_cloud.server import _refuse_other_machines
from tests.helpers import is_closed_soon, react_to_ctrl_c

Request = dict[str, Any]


def test_it_listens_on_loopback_only(cloud: LocalCloud) -> None:
    assert urlsplit(cloud.url).hostname == "127.0.0.1"


def test_associations_are_created_and_read_with_an_ordinary_client(
    cloud: LocalCloud, request_to_create: Request
) -> None:
    client = cloud.client("cleanrooms")
    request = request_to_create | {"name": "Kundenstämme", "tags": {"Team": "Data"}}
    created = client.create_id_namespace_association(**request)["idNamespaceAssociation"]
    ids = {
        "membershipIdentifier": created["membershipId"],
        "idNamespaceAssociationIdentifier": created["id"],
    }
    client.update_id_namespace_association(**ids, description="Ours")
    found = client.get_id_namespace_association(**ids)["idNamespaceAssociation"]
    assert (found["name"], found["description"]) == ("Kundenstämme", "Ours")
    client.tag_resource(resourceArn=created["arn"], tags={"Stage": "Test"})
    client.untag_resource(resourceArn=created["arn"], tagKeys=["Team", "Other"])
    assert client.list_tags_for_resource(resourceArn=created["arn"])["tags"] == {"Stage": "Test"}
    client.delete_id_namespace_association(**ids)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_id_namespace_association(**ids)


def test_associations_are_listed_in_pages(
    cloud: LocalCloud, membership: str, request_to_create: Request
) -> None:
    client = cloud.client("cleanrooms")
    for number in range(5):
        client.create_id_namespace_association(**request_to_create | {"name": f"name {number}"})
    paginator = client.get_paginator("list_id_namespace_associations")
    pages = list(
        paginator.paginate(membershipIdentifier=membership, PaginationConfig={"PageSize": 2})
    )
    names = [[one["name"] for one in page["idNamespaceAssociationSummaries"]] for page in pages]
    assert names == [["name 0", "name 1"], ["name 2", "name 3"], ["name 4"]]


@pytest.mark.parametrize(
    "page", [{"nextToken": "other"}, {"maxResults": 101}, {"maxResults": 0}, {"maxResults": -1}]
)
def test_an_invalid_page_is_refused(cloud: LocalCloud, membership: str, page: Request) -> None:
    # Otherwise boto3 itself would refuse some of them.
    unchecked = Config(parameter_validation=False)
    client = cloud.session().client("cleanrooms", config=unchecked)
    with pytest.raises(client.exceptions.ValidationException):
        client.list_id_namespace_associations(membershipIdentifier=membership, **page)


def test_errors_are_those_of_the_model(cloud: LocalCloud, request_to_create: Request) -> None:
    client = cloud.client("cleanrooms")
    client.create_id_namespace_association(**request_to_create)
    with pytest.raises(client.exceptions.ConflictException, match="already exists"):
        client.create_id_namespace_association(**request_to_create)


def test_an_unsupported_operation_is_reported(cloud: LocalCloud) -> None:
    with pytest.raises(ClientError, match="does not support ListSchemas"):
        cloud.client("cleanrooms").list_schemas(collaborationIdentifier=str(uuid4()))


def test_it_lists_its_resources_and_the_requests_it_has_received(
    cloud: LocalCloud, membership: str, request_to_create: Request
) -> None:
    before = cloud.requests()
    assert cloud.requests() == before
    client = cloud.client("cleanrooms")
    client.create_id_namespace_association(**request_to_create | {"tags": {"Team": "Data"}})
    path = f"/memberships/{membership}/idnamespaceassociations"
    assert cloud.requests() == [*before, f"cleanrooms POST {path}"]
    [held] = [
        one
        for one in cloud.resources("IdNamespaceAssociation")
        if one["membershipId"] == membership
    ]
    assert (held["name"], held["tags"]) == ("customers", {"Team": "Data"})


def test_the_environment_points_only_at_the_local_cloud(
    cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "https_proxy", "ALL_PROXY", "CDK_CONTEXT"):
        monkeypatch.setenv(name, "real")
    for name in ("CDK_VALIDATION", "KEPT"):
        monkeypatch.setenv(name, "real")
    local = cloud.environment
    kept = {name for name, value in local.items() if value == "real"}
    assert kept == {"CDK_VALIDATION", "KEPT"}
    assert local["AWS_ENDPOINT_URL"] == cloud.url
    assert local["AWS_CONFIG_FILE"] == local["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull


def test_a_client_sends_nothing_to_anybody_else(
    cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as others,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as monitor,
    ):
        others.setblocking(False)
        monitor.setblocking(False)
        monitor.bind(("127.0.0.1", 0))
        url = "http://{}:{}".format(*others.getsockname())
        for name, value in {
            "AWS_CSM_ENABLED": "true",
            "AWS_CSM_PORT": str(monitor.getsockname()[1]),
            "AWS_DEFAULTS_MODE": "auto",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": url,
            "AWS_ENDPOINT_URL_STS": url,
            "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "1",
            "HTTP_PROXY": url,
        }.items():
            monkeypatch.setenv(name, value)
        LocalCloud(url=cloud.url).__enter__().client("sts").get_caller_identity()
        with pytest.raises(BlockingIOError):
            others.accept()
        with pytest.raises(BlockingIOError):
            monitor.recv(1)


def own_address() -> str:
    """Return an address of this machine that is not on loopback, if there is one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unused:
        try:
            # This sends nothing.
            unused.connect(("203.0.113.1", 9))
        except OSError:
            return "127.0.0.1"
        address: str = unused.getsockname()[0]
        return address


@pytest.mark.skipif(own_address().startswith("127."), reason="needs a network interface")
def test_no_service_connects_to_another_machine(cloud: LocalCloud) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    with (
        socket.create_server((own_address(), 0)) as elsewhere,
        socket.create_server(("127.0.0.1", 0)) as here,
    ):
        for server in (elsewhere, here):
            host, port = server.getsockname()
            sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=f"http://{host}:{port}/")
        here.settimeout(900)
        here.accept()[0].close()
        elsewhere.setblocking(False)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


@pytest.mark.parametrize(
    ("event", "address"),
    [
        ("socket.connect", (None, ("203.0.113.1", 80))),
        ("socket.sendto", (None, ("2001:db8::1", 80, 0, 0))),
        ("socket.getaddrinfo", ("aws.example", 443, 0, 0, 0)),
        ("socket.getaddrinfo", (b"aws.example", 443, 0, 0, 0)),
        ("socket.gethostbyname", ("aws.example",)),
    ],
)
def test_the_server_refuses_an_address_of_another_machine(
    event: str, address: tuple[Any, ...]
) -> None:
    with pytest.raises(PermissionError, match="does not connect to another machine"):
        _refuse_other_machines(event, address)


@pytest.mark.parametrize(
    ("event", "address"),
    [
        ("socket.connect", (None, ("::1", 80, 0, 0))),
        ("socket.connect", (None, "/run/local.socket")),
        ("socket.sendmsg", (None, None)),
        ("socket.getaddrinfo", ("localhost", 443, 0, 0, 0)),
        ("socket.getaddrinfo", (None, 443, 0, 0, 0)),
        ("open", ("203.0.113.1", "r", 0)),
    ],
)
def test_the_server_uses_this_machine(event: str, address: tuple[Any, ...]) -> None:
    _refuse_other_machines(event, address)


def test_a_server_that_runs_by_itself_passes_no_real_credentials_on_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [sys.executable, "-m", "cdk_cleanrooms", "local", "serve"]
    secrets = {"AWS_PROFILE": "missing", "AWS_SECRET_ACCESS_KEY": "real", "https_proxy": "real"}
    archive = tmp_path / "function.zip"
    with ZipFile(archive, "w") as file:
        file.writestr("index.py", "import os\nhandler = lambda *_: {**os.environ}")
    with subprocess.Popen(
        command,
        env={**os.environ, **secrets, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        with LocalCloud(url=process.stdout.readline().strip()) as own:
            functions = own.client("lambda")
            functions.create_function(
                FunctionName="f",
                Runtime="python3.11",
                Role="arn:aws:iam::111122223333:role/f",
                Handler="index.handler",
                Code={"ZipFile": archive.read_bytes()},
                Timeout=900,
            )
            environment = json.load(functions.invoke(FunctionName="f")["Payload"])
        process.terminate()
    assert "PATH" in environment
    assert "real" not in environment.values()
    assert "AWS_PROFILE" not in environment
    assert [*temporary.iterdir()] == []


def test_it_has_the_account_and_region_that_it_reports(cloud: LocalCloud) -> None:
    identity = cloud.client("sts").get_caller_identity()
    assert identity["Account"] == cloud.account


def test_it_stops_at_the_end_of_its_block_and_leaves_nothing_behind() -> None:
    with LocalCloud() as own:
        own.client("sts").get_caller_identity()
        home = Path(own.environment["CDK_HOME"])
        assert home.is_dir()
    assert is_closed_soon(own.url)
    assert not home.exists()


def test_a_server_that_is_stopped_while_it_starts_leaves_nothing_behind(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "cdk_cleanrooms.local_cloud"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_stops_when_the_process_that_started_it_is_interrupted_or_dies(
    ending: signal.Signals, tmp_path: Path
) -> None:
    program = (
        "from cdk_cleanrooms.local_cloud import LocalCloud\n"
        "with LocalCloud() as own: print(own.url, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        # The killed process cannot remove its temporary folder.
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=react_to_ctrl_c,
    ) as parent:
        assert parent.stdout is not None
        url = parent.stdout.readline().strip()
        parent.send_signal(ending)
    assert is_closed_soon(url)


def test_a_server_that_nobody_can_ask_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[LocalCloudServer] = []

    def refuse(server: LocalCloudServer, _: str) -> None:
        started.append(server)
        raise RuntimeError("such as an error of pytest-socket")

    monkeypatch.setattr(LocalCloudServer, "_ask", refuse)
    with pytest.raises(RuntimeError, match="such as"):
        LocalCloudServer()
    assert is_closed_soon(started[0].url)


@pytest.mark.parametrize("reason", ["", "The reason."])
def test_a_failed_start_is_reported_with_what_the_server_said(
    reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\necho '{reason}' >&2\nexit 1\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(program))
    with pytest.raises(RuntimeError) as failed, LocalCloud():
        pass
    assert str(failed.value) == f"The local cloud did not start.\n{reason}".strip()


def test_a_missing_extra_is_reported_with_the_command_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = "No module named 'hypercorn'"
    tmp_path.joinpath("hypercorn.py").write_text(f"raise ModuleNotFoundError({message!r})", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(RuntimeError) as failed:
        LocalCloudServer()
    assert str(failed.value).splitlines()[1:] == [
        f"{message}. Install what the local cloud needs: "
        "python -m pip install 'cdk-cleanrooms[local]'"
    ]


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_a_body_that_is_not_an_object_is_refused(cloud: LocalCloud, body: bytes) -> None:
    connection = HTTPConnection(urlsplit(cloud.url).netloc)
    scope = f"{cloud.account}/20260101/us-east-1/cleanrooms/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}"}
    connection.request("POST", "/collaborations", body, headers)
    answer = connection.getresponse()
    assert answer.status == 400
    assert json.load(answer)["message"] == "The body is not a JSON object."
    connection.close()
