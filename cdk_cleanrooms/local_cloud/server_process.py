"""The process of the server, and the questions that it answers about itself."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
from http.client import HTTPConnection
from typing import Any, Self
from urllib.parse import quote, urlsplit

from .environment import ABOUT, is_on_loopback, without_aws

_SECONDS_TO_START = 120
_SECONDS_TO_STOP = 10
_SECONDS_TO_ANSWER = 60


class LocalCloudServer:
    """A server of the local cloud, which serves any number of accounts.

    Args:
        url: The URL of a server that already runs, which `stop` then leaves alone. By default, a
            process of its own is started. It ends with this process, whatever ends this process.

    Raises:
        ValueError: The URL does not lead to this machine's loopback interface.
        RuntimeError: The server does not start, or something else listens at the URL.
    """

    url: str

    def __init__(self, url: str | None = None) -> None:
        self._process: subprocess.Popen[str] | None = None
        if url is None:
            self._start()
        else:
            self.url = _on_loopback(url)
        try:
            self.folder: str = self._ask("folder")
        except BaseException as error:
            self.stop()
            if isinstance(error, (OSError, ValueError)):
                raise RuntimeError(f"No local cloud answers at {self.url}: {error}") from error
            raise

    def __enter__(self) -> Self:
        """Return the server."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self.stop()

    def requests(self) -> list[str]:
        """Return the service, method and path of each request, oldest first."""
        seen: list[str] = self._ask("requests")
        return seen

    def stop(self) -> None:
        """Stop the server, if it was started here."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            # This closes the standard input of the server, and the server then stops.
            process.communicate(timeout=_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()

    def resources(self, account: str) -> list[dict[str, Any]]:
        """Return the resources of Clean Rooms and Entity Resolution that an account sees."""
        seen: list[dict[str, Any]] = self._ask(f"resources/{account}")
        return seen

    def supports(self, name: str) -> bool:
        """Return whether the local cloud supports a resource type or an operation.

        Args:
            name: A resource type, such as `AWS::CleanRooms::Membership`, or an operation of Clean
                Rooms, Clean Rooms ML or Entity Resolution, such as `ListMembers`.

        Raises:
            ValueError: Neither a type nor an operation of these services has this name.
        """
        answer: bool | None = self._ask(f"supports/{quote(name, safe=':')}")
        if answer is None:
            raise ValueError(
                "No operation and no resource type of Clean Rooms, Clean Rooms ML or Entity "
                f"Resolution is named {name!r}."
            )
        return answer

    def unsupported(self, account: str) -> list[str]:
        """Return the unsupported operations and types that an account requested, oldest first."""
        asked: list[str] = self._ask(f"unsupported/{account}")
        return asked

    def lease(self, account: str) -> bool:
        """Empty an account and reserve it for this process, and return whether it was free.

        Args:
            account: The account, as twelve digits.
        """
        was_free: bool = self._ask(f"accounts/{account}/{os.getpid()}", "POST")
        return was_free

    def release(self, account: str) -> None:
        """Empty an account, and let others lease it."""
        self._ask(f"accounts/{account}", "DELETE")

    def _start(self) -> None:
        # A file, because a pipe that nobody reads could fill up.
        with tempfile.TemporaryFile("w+") as errors:
            self._process = subprocess.Popen(
                # With -P, a module in the current folder does not hide one of the standard library.
                [sys.executable, "-P", "-m", __package__],
                env=without_aws(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                # Ctrl-C must not stop the cloud before the CDK CLI.
                start_new_session=True,
            )
            try:
                self.url = self._announced()
            except BaseException as error:
                self.stop()
                errors.seek(0)
                if isinstance(error, RuntimeError) and (told := errors.read().strip()):
                    raise RuntimeError(f"{error}\n{told}") from None
                raise

    def _announced(self) -> str:
        assert self._process is not None
        output = self._process.stdout
        assert output is not None
        with selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            line = output.readline() if selector.select(_SECONDS_TO_START) else ""
        if not line.strip():
            raise RuntimeError("The local cloud did not start.")
        return line.strip()

    def _ask(self, question: str, method: str = "GET") -> Any:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=_SECONDS_TO_ANSWER)
        try:
            connection.request(method, ABOUT + question)
            return json.load(connection.getresponse())
        finally:
            connection.close()


def _on_loopback(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "http" or not is_on_loopback(parts.hostname or ""):
        raise ValueError(
            f"The URL of a local cloud must begin with http://127.0.0.1, but it is {url!r}. "
            "`cdk-cleanrooms local serve` prints it."
        )
    return f"{parts.scheme}://{parts.netloc}"
