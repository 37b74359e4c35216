"""Tests of the messages when botocore cannot get credentials, with real configurations."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NoReturn

import boto3
import pytest
from botocore import credentials, tokens
from botocore.exceptions import NoCredentialsError, PartialCredentialsError
from botocore.utils import JSONFileCache

from cdk_cleanrooms._cli import command
from cdk_cleanrooms._cli.aws import Aws, CommandError, advised
from tests.samples import MEMBERSHIP_ID

ARGUMENTS = ("discover", "--membership", MEMBERSHIP_ID, "--profile", "p")
START_URL = "https://example.awsapps.com/start"
SIGN_IN = "sign in again (`aws sso login`, for example), or choose another profile with --profile"
CHECK = "check the profile in the AWS configuration, or choose another one with --profile"
ROLE = "role_arn = arn:aws:iam::111122223333:role/Analyst\n"
KEYS = "aws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n"
SSO = f"sso_region = us-east-1\nsso_start_url = {START_URL}\n"
SSO_ROLE = "sso_account_id = 111122223333\nsso_role_name = Analyst\n"
LEGACY_SSO = f"[profile p]\nregion = us-east-1\n{SSO}{SSO_ROLE}"
SESSION_SSO = (
    f"[sso-session s]\n{SSO}sso_registration_scopes = sso:account:access\n"
    f"[profile p]\nregion = us-east-1\nsso_session = s\n{SSO_ROLE}"
)


class Refusing(BaseHTTPRequestHandler):
    """A service that refuses every request."""

    status: int
    code: str

    def do_GET(self) -> None:
        body = json.dumps({"message": "No", "__type": self.code}).encode()
        if "sts" in self.headers.get("Authorization", "") or self.command == "POST":
            body = (
                f"<ErrorResponse><Error><Code>{self.code}</Code><Message>No</Message></Error>"
                "</ErrorResponse>"
            ).encode()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(self.status)
        self.send_header("x-amzn-errortype", self.code)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def refusing() -> Iterator[type[Refusing]]:
    handler = type("Handler", (Refusing,), {"status": 401, "code": "UnauthorizedException"})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        handler.endpoint = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield handler
        server.shutdown()
        thread.join()


def cached_token(home: Path, key: str, **changes: object) -> None:
    """Write a cached token as `aws sso login` does."""
    token = {
        "startUrl": START_URL,
        "region": "us-east-1",
        "accessToken": "token",
        "expiresAt": (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        **changes,
    }
    folder = home / ".aws" / "sso" / "cache"
    folder.mkdir(parents=True)
    name = sha1(key.encode(), usedforsecurity=False).hexdigest()
    (folder / f"{name}.json").write_text(json.dumps(token), "utf-8")


Discover = Callable[..., str]


@pytest.fixture
def discover(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Discover:
    """Runs the command with a configuration, and returns the one line of its error."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    # botocore finds these folders when it is imported.
    cache = str(tmp_path / ".aws/sso/cache")
    for kind in (credentials.SSOProvider, tokens.SSOTokenProvider):
        monkeypatch.setattr(kind, "_SSO_TOKEN_CACHE_DIR", cache)
    monkeypatch.setattr(JSONFileCache, "CACHE_DIR", str(tmp_path / ".aws/boto/cache"))

    def discover(config: str, endpoint: str = "http://127.0.0.1:1") -> str:
        for name, value in settings(tmp_path, config, endpoint).items():
            monkeypatch.setenv(name, value)
        capfd.readouterr()
        status = command.main(ARGUMENTS)
        output, error = capfd.readouterr()
        return the_error(status, output, error)

    return discover


def settings(home: Path, config: str, endpoint: str = "http://127.0.0.1:1") -> dict[str, str]:
    """Write a configuration, and return the variables with which the command finds only this."""
    (home / "config").write_text(config, "utf-8")
    return {
        "AWS_CONFIG_FILE": str(home / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_MAX_ATTEMPTS": "1",
        "HOME": str(home),
        "NO_PROXY": "127.0.0.1",
        "PATH": os.environ["PATH"],
    }


def the_error(status: int, output: str, error: str) -> str:
    """Return the only line that the command wrote."""
    assert (status, output) == (1, ""), error
    assert error.startswith("cdk-cleanrooms discover: error: ")
    assert error.count("\n") == 1, error
    return error.rstrip("\n")


def process_that(prints: str) -> str:
    script = f"import sys; {prints}"
    return (
        f'[profile p]\nregion = us-east-1\ncredential_process = "{sys.executable}" -c "{script}"\n'
    )


@pytest.mark.parametrize(
    ("config", "message", "advice"),
    [
        pytest.param(
            "[profile p]\nregion = us-east-1\ncredential_process = /no/such/program\n",
            "cannot get credentials: FileNotFoundError: ",
            CHECK,
            id="the credential process does not exist",
        ),
        pytest.param(process_that("sys.exit('Out')"), "Out", CHECK, id="the process fails"),
        pytest.param(process_that("print('no JSON')"), "JSONDecodeError", CHECK, id="no JSON"),
        pytest.param(process_that("print('[]')"), "AttributeError", CHECK, id="no object"),
        pytest.param(
            f"[profile p]\nregion = us-east-1\n{ROLE}web_identity_token_file = /no/such/token\n",
            "/no/such/token",
            CHECK,
            id="the token file does not exist",
        ),
        pytest.param(
            f"[profile p]\nregion = us-east-1\n{ROLE}source_profile = nobody\n",
            "nobody",
            CHECK,
            id="the source profile does not exist",
        ),
        pytest.param(
            f"[profile p]\nregion = us-east-1\n{ROLE}source_profile = q\n"
            f"[profile q]\n{ROLE}source_profile = p\n",
            "Infinite loop",
            CHECK,
            id="profiles in a circle",
        ),
        pytest.param(
            "[profile p]\nregion = us-east-1\naws_access_key_id = AKIDEXAMPLE\n",
            "Partial credentials",
            CHECK,
            id="half a key",
        ),
        pytest.param("[profile p\n", "Unable to parse config file", "URL", id="a broken file"),
        pytest.param(
            f"[profile p]\nregion = us-east-1\n{SSO}sso_account_id = 111122223333\n",
            "sso_role_name",
            CHECK,
            id="half an SSO configuration",
        ),
        pytest.param(LEGACY_SSO, "Token", SIGN_IN, id="SSO never started"),
        pytest.param(SESSION_SSO, "Token", SIGN_IN, id="SSO session never started"),
        pytest.param(
            "[profile p]\nregion = us-east-1\n", "Unable to locate credentials", SIGN_IN, id="none"
        ),
    ],
)
def test_each_failure_of_the_credential_chain_is_one_line(
    config: str, message: str, advice: str, discover: Discover
) -> None:
    error = discover(config)

    assert message in error
    assert error.endswith(advice)


def test_an_mfa_code_without_a_terminal_is_one_line(tmp_path: Path) -> None:
    config = (
        f"[profile p]\nregion = us-east-1\n{ROLE}source_profile = other\n"
        f"mfa_serial = arn:aws:iam::111122223333:mfa/me\n[profile other]\n{KEYS}"
    )
    process = subprocess.run(
        [sys.executable, "-m", "cdk_cleanrooms", *ARGUMENTS],
        env=settings(tmp_path, config),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # without a terminal
    )

    error = the_error(process.returncode, process.stdout, process.stderr)
    assert "the profile needs an MFA code" in error
    assert error.endswith("or use a profile that does not need one")


@pytest.mark.parametrize(
    ("config", "key"), [(LEGACY_SSO, START_URL), (SESSION_SSO, "s")], ids=["profile", "session"]
)
@pytest.mark.parametrize("state", ["expired", "revoked"])
def test_an_expired_sso_session_gets_the_advice_to_sign_in(
    config: str,
    key: str,
    state: str,
    refusing: type[Refusing],
    tmp_path: Path,
    discover: Discover,
) -> None:
    expired = {"expiresAt": "2020-01-01T00:00:00Z"} if state == "expired" else {}
    cached_token(tmp_path, key, **expired)

    error = discover(config, refusing.endpoint)  # type: ignore[attr-defined]

    assert error.endswith(SIGN_IN)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "ExpiredTokenException"),
        (403, "ExpiredToken"),
        (403, "InvalidClientTokenId"),
        (403, "InvalidSignatureException"),
        (403, "SignatureDoesNotMatch"),
        (403, "UnrecognizedClientException"),
        (401, "SomethingElse"),
    ],
)
def test_keys_that_aws_rejects_get_the_advice_to_sign_in(
    status: int, code: str, refusing: type[Refusing], discover: Discover
) -> None:
    refusing.status, refusing.code = status, code

    error = discover(
        f"[profile p]\nregion = us-east-1\n{KEYS}",
        refusing.endpoint,  # type: ignore[attr-defined]
    )

    assert code in error
    assert error.endswith(SIGN_IN)


def test_a_role_that_cannot_be_assumed_with_rejected_keys_gets_the_advice_to_sign_in(
    refusing: type[Refusing], discover: Discover
) -> None:
    refusing.status, refusing.code = 403, "InvalidClientTokenId"
    config = f"[profile p]\nregion = us-east-1\n{ROLE}source_profile = q\n[profile q]\n{KEYS}"

    error = discover(config, refusing.endpoint)  # type: ignore[attr-defined]

    assert "AssumeRole" in error
    assert error.endswith(SIGN_IN)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (EOFError(), "the profile needs an MFA code, and there is no terminal in which to enter"),
        (KeyError("Key"), f"cannot get credentials: KeyError: 'Key'; {CHECK}"),
        (
            PartialCredentialsError(provider="x", cred_var="y"),
            f"cannot get credentials: Partial credentials found in x, missing: y; {CHECK}",
        ),
        (NoCredentialsError(), f"Unable to locate credentials; {SIGN_IN}"),
    ],
)
def test_each_kind_of_exception_of_a_credential_provider_has_its_advice(
    error: Exception, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: boto3.Session) -> NoReturn:
        raise error

    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr(boto3.Session, "get_credentials", fail)

    with pytest.raises(CommandError, match=f"^{re.escape(message)}"):
        Aws(profile=None, region=None)


def test_every_error_class_of_botocore_about_a_session_leads_to_signing_in() -> None:
    from botocore import exceptions

    about_a_session = [
        kind
        for name, kind in vars(exceptions).items()
        if isinstance(kind, type)
        and issubclass(kind, exceptions.BotoCoreError)
        and name.startswith(("SSO", "UnauthorizedSSO", "Login", "NoAuthToken", "NoCredentials"))
    ]
    assert len(about_a_session) > 4
    for kind in about_a_session:
        error = type("Ended", (kind,), {"__init__": lambda *_: None})()
        assert advised(error).endswith(SIGN_IN), kind
