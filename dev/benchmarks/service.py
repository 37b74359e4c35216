"""A service on this machine that a command asks instead of AWS, and a measurement of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from time import perf_counter, sleep
from typing import Any, ClassVar, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from .values import ACCOUNT, REGION

_NO_STACK = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>"
    "<Message>Stack with id Stack does not exist</Message></Error></ErrorResponse>"
)
_CALLER = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult>"
    f"<Account>{ACCOUNT}</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


class Answers(NamedTuple):
    """What the service answers about resources.

    Attributes:
        get_resource: A function that returns the properties for a type and an identifier of the
            Cloud Control API.
        rest: A function that returns the name of the request and the answer for a path and the
            parameters of a request to Clean Rooms or Entity Resolution.
    """

    get_resource: Callable[[str, str], Any]
    rest: Callable[[str, dict[str, str]], tuple[str, Any]]


class Measured(NamedTuple):
    """One run of the command.

    Attributes:
        requests: How many requests it sent, by their names.
        seconds: How long it ran.
        seconds_of_requests: The time from its first request to the last answer.
        output: What it wrote to standard output.
    """

    requests: Counter[str]
    seconds: float
    seconds_of_requests: float
    output: str


def measure(
    arguments: Sequence[str],
    answers: Answers,
    folder: Path,
    *,
    delay: float,
    python: str = sys.executable,
) -> Measured:
    """Run the command against a new service.

    Args:
        arguments: The arguments of Python.
        answers: What the service answers.
        folder: The current folder of the command.
        delay: The number of seconds before each answer.
        python: The interpreter, which can have another version of this library.
    """
    with _service(answers, delay) as service:
        own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        start = perf_counter()
        result = subprocess.run(
            [python, *arguments],
            cwd=folder,
            env={
                **own,
                "AWS_ACCESS_KEY_ID": "x",
                "AWS_SECRET_ACCESS_KEY": "x",
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
                "AWS_DEFAULT_REGION": REGION,
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{service.server_address[1]}",
                "NO_PROXY": "127.0.0.1",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            timeout=600,
            check=True,
        )
        seconds = perf_counter() - start
    times = service.times
    return Measured(service.requests, seconds, max(times) - min(times), result.stdout)


def page(name: str, items: Sequence[Any], parameters: dict[str, str], size: int) -> dict[str, Any]:
    """Return one page of a listing.

    Args:
        name: The member of the answer that contains the items.
        items: All items.
        parameters: The parameters of the request.
        size: The number of items on a page.
    """
    start = int(parameters.get("nextToken", 0))
    end = start + size
    return {name: items[start:end], **({"nextToken": str(end)} if end < len(items) else {})}


class _Service(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answers: Answers, delay: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.delay = delay
        self.requests: Counter[str] = Counter()
        self.times: list[float] = []
        self.lock = Lock()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Service
    timeout: ClassVar[float] = 60
    # An answer in two packets would wait for the client's acknowledgement.
    wbufsize = -1

    def do_POST(self) -> None:
        start = perf_counter()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        name, status, answer = self._answer(body)
        content = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        sleep(self.server.delay)
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        with self.server.lock:
            self.server.requests[name] += 1
            self.server.times += [start, perf_counter()]

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, body: str) -> tuple[str, int, Any]:
        answers = self.server.answers
        if "X-Amz-Target" in self.headers:
            request = json.loads(body)
            properties = answers.get_resource(request["TypeName"], request["Identifier"])
            description = {"Properties": json.dumps(properties)}
            return "GetResource", 200, {"ResourceDescription": description}
        action = dict(parse_qsl(body)).get("Action")
        if action == "GetCallerIdentity":
            return action, 200, _CALLER
        if action == "DescribeStacks":
            return action, 400, _NO_STACK
        url = urlsplit(unquote(self.path))
        if url.path.startswith("/tags/"):
            return "ListTagsForResource", 200, {"tags": {}}
        name, answer = answers.rest(url.path, dict(parse_qsl(url.query)))
        return name, 200, answer


@contextmanager
def _service(answers: Answers, delay: float) -> Iterator[_Service]:
    with _Service(answers, delay) as service:
        thread = Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield service
        finally:
            service.shutdown()
            thread.join()
