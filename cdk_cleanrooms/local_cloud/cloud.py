"""A local cloud for use from Python, in a server process of its own."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import tempfile
from http.client import HTTPConnection
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.session import get_session

from .environment import ABOUT, ACCOUNT, REGION, environment

_SECONDS_TO_START = 60
_SECONDS_TO_STOP = 10
_SECONDS_TO_ANSWER = 30


class LocalCloud:
    """A local cloud that runs during a `with` block, and stops if this process dies."""

    account = ACCOUNT
    region = REGION
    endpoint: str
    environment: dict[str, str]

    def __enter__(self) -> Self:
        """Start the server, and wait until it listens."""
        self._cdk_home = tempfile.TemporaryDirectory(prefix="local-cloud-")
        # In a process group of its own, so that Ctrl-C does not stop the cloud before the CDK CLI.
        self._process = subprocess.Popen(
            # With -P, a module in the current folder does not hide one of the standard library.
            [sys.executable, "-P", "-m", __package__, "serve", "--stop-with-standard-input"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            self.endpoint = self._announced_endpoint()
        except BaseException:
            self.stop()
            raise
        self.environment = environment(self.endpoint, self._cdk_home.name)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self.stop()

    def stop(self) -> None:
        """Stop the server, and kill it if it does not stop."""
        try:
            # This closes the standard input of the server, and the server then stops.
            self._process.communicate(timeout=_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._cdk_home.cleanup()

    def client(self, service: str, *, account: str = ACCOUNT) -> Any:
        """Return a client, as `boto3.client` does, for an account in the local cloud."""
        return get_session({"profile": (None, None, None, None)}).create_client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            # The access key is the account.
            aws_access_key_id=account,
            aws_secret_access_key="local",
            config=Config(proxies={}),
        )

    def requests(self) -> list[str]:
        """Return the service, method and path of each request to the local cloud."""
        seen: list[str] = self._ask("requests")
        return seen

    def environment_of(self, account: str) -> dict[str, str]:
        """Return the environment in which the CDK CLI and boto3 use another account."""
        return {**self.environment, "AWS_ACCESS_KEY_ID": account}

    def resources(self, kind: str | None = None) -> list[dict[str, Any]]:
        """Return all resources of the local Clean Rooms and Entity Resolution, or of one kind.

        Each is described as the API describes it to its owner, plus `kind`, `account`, `region`
        and `tags`. A kind is the last part of a resource type, such as `IdNamespaceAssociation`.
        """
        held: list[dict[str, Any]] = self._ask("resources")
        return [one for one in held if kind in (None, one["kind"])]

    def associations(self) -> list[dict[str, Any]]:
        """Return all ID namespace associations as the API describes them, with their tags."""
        own = ("kind", "account", "region")
        return [
            {name: value for name, value in one.items() if name not in own}
            for one in self.resources("IdNamespaceAssociation")
        ]

    def _announced_endpoint(self) -> str:
        output = self._process.stdout
        assert output is not None
        announced = select.select([output], [], [], _SECONDS_TO_START)[0]
        words = output.readline().split() if announced else []
        if not words:
            raise RuntimeError("The local cloud did not start.")
        return words[-1]

    def _ask(self, subject: str) -> Any:
        connection = HTTPConnection(urlsplit(self.endpoint).netloc, timeout=_SECONDS_TO_ANSWER)
        try:
            connection.request("GET", ABOUT + subject)
            return json.load(connection.getresponse())
        finally:
            connection.close()
