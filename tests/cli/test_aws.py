"""Tests of requests over HTTP: answers that are not from AWS, and throttling."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from cdk_cleanrooms._cli import aws as aws_module
from cdk_cleanrooms._cli.aws import Aws, CommandError, Role, advice
from tests.cli.conftest import configure
from tests.samples import REGION

MISSING_STACK = (
    "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error>"
    "</ErrorResponse>"
)
IDENTITY = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


class Answers(BaseHTTPRequestHandler):
    """A service that gives its answers one after the other, and the last one again and again."""

    answers: list[tuple[int, str]]
    requests: int

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = type(self)
        kind.requests += 1
        status, body = kind.answers.pop(0) if len(kind.answers) > 1 else kind.answers[0]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Answers]]:
    handler = type("Handler", (Answers,), {"answers": [], "requests": 0})
    configure(monkeypatch, tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield handler
        server.shutdown()
        thread.join()


@pytest.fixture
def aws(service: type[Answers]) -> Aws:
    assert service.requests == 0
    return Aws(profile=None, region=REGION)


def identify(aws: Aws) -> Any:
    return aws.account


def list_memberships(aws: Aws) -> Any:
    return [*aws.pages("cleanrooms", "list_memberships", "membershipSummaries")]


def get_resource(aws: Aws) -> Any:
    return aws.ask(
        "cloudcontrol",
        "get_resource",
        "ResourceDescription",
        TypeName="AWS::CleanRooms::Membership",
        Identifier="x",
    )


def assume_role(aws: Aws) -> Any:
    return aws.assuming(Role("arn:aws:iam::111122223333:role/lookup", {}), REGION)


def list_schema_mappings(aws: Aws) -> Any:
    return [*aws.pages("entityresolution", "list_schema_mappings", "schemaList")]


NETWORK = "check the network (a proxy, or a page to sign in to) and the AWS configuration: endpoint"


@pytest.mark.parametrize(
    "request_", [identify, list_memberships, list_schema_mappings, get_resource, assume_role]
)
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<html>Sign in\nto the network</html>", "is not from AWS: '<html>Sign in\\nto the netw"),
        ("", "is empty"),
        ("[]", "is not from AWS: '[]'"),
        ('{"membershipSummaries": [', "is not from AWS: '{"),
    ],
)
@pytest.mark.unmeasured
def test_an_answer_that_is_not_from_aws_is_reported_on_one_line(
    request_: Any, body: str, said: str, aws: Aws, service: type[Answers]
) -> None:
    service.answers = [(200, body)]
    with pytest.raises(CommandError) as refusal, advice():
        request_(aws)
    message = str(refusal.value)
    assert said in message
    assert NETWORK in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("request_", "body", "said"),
    [
        (list_memberships, "{}", "the answer to ListMemberships is not from AWS: '{}'; "),
        (
            list_schema_mappings,
            '{"error": "sign in"}',
            """the answer to ListSchemaMappings is not from AWS: '{"error": "sign in"}'; """,
        ),
        (
            assume_role,
            "<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>",
            "the answer to assume_role has no Credentials; ",
        ),
        (get_resource, "{}", "the answer to get_resource has no ResourceDescription; "),
        (
            identify,
            "<GetCallerIdentityResponse/>",
            "the answer to GetCallerIdentity is not from AWS: '<GetCallerIdentityResponse/>'; ",
        ),
        (
            identify,
            "<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>",
            "the answer to get_caller_identity has no Account; ",
        ),
    ],
)
def test_an_answer_without_what_was_asked_for_is_not_an_empty_one(
    request_: Any, body: str, said: str, aws: Aws, service: type[Answers]
) -> None:
    service.answers = [(200, body)]
    with pytest.raises(CommandError) as refusal, advice():
        request_(aws)
    assert str(refusal.value).startswith(said)


def test_a_web_page_as_an_error_is_reported_on_one_line(aws: Aws, service: type[Answers]) -> None:
    service.answers = [(403, "<html>\nForbidden <br></html>")]
    with pytest.raises(CommandError) as refusal, advice():
        identify(aws)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("request_", "refusal", "answer"),
    [
        (identify, (400, MISSING_STACK), IDENTITY),
        (
            list_memberships,
            (429, '{"__type": "ThrottlingException", "message": "x"}'),
            json.dumps({"membershipSummaries": []}),
        ),
        (
            get_resource,
            (400, '{"__type": "ThrottlingException", "message": "x"}'),
            json.dumps({"ResourceDescription": {}}),
        ),
    ],
)
@pytest.mark.unmeasured
def test_a_throttled_request_is_sent_again_until_there_is_an_answer(
    request_: Any,
    refusal: tuple[int, str],
    answer: str,
    aws: Aws,
    service: type[Answers],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(aws_module, "uniform", lambda *_: 0.0)
    service.answers = [*[refusal] * 20, (200, answer)]
    request_(aws)
    assert service.requests == 21


def test_a_request_that_is_throttled_for_ten_minutes_is_reported(
    aws: Aws, service: type[Answers], monkeypatch: pytest.MonkeyPatch
) -> None:
    delays = []

    def no_delay(*bounds: float) -> float:
        delays.append(bounds)
        return 0.0

    monkeypatch.setattr(aws_module, "uniform", no_delay)
    service.answers = [(400, MISSING_STACK)]
    with pytest.raises(CommandError, match="Rate exceeded; try again in a minute"), advice():
        identify(aws)
    assert len(delays) == 39


def test_the_attempts_of_the_configuration_are_respected(
    service: type[Answers], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    service.answers = [(400, MISSING_STACK)]
    with pytest.raises(CommandError), advice():
        identify(Aws(profile=None, region=REGION))
    assert service.requests == 1
