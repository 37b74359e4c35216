"""Measure the plan of `cdk-cleanrooms adopt`: `python -m dev.benchmarks.plan 200 --delay 0.02`.

The command asks a service on this machine, in which all resources exist.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from time import perf_counter, sleep
from typing import Any, ClassVar, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from cdk_cleanrooms._core.types import ID_NAMESPACE_ASSOCIATION

from .values import ACCOUNT, COLLABORATION as MEMBERSHIP, ID_NAMESPACE, REGION

PAGE = 20

_NO_STACK = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>"
    "<Message>Stack with id Stack does not exist</Message></Error></ErrorResponse>"
)
_CALLER = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult>"
    f"<Account>{ACCOUNT}</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


class Plan(NamedTuple):
    """A plan: the requests for it, the seconds that it took, and its lines."""

    requests: Counter[str]
    seconds: float
    lines: list[str]


def plan(count: int, *, delay: float = 0, python: str = sys.executable) -> Plan:
    """Plan the adoption of associations in one membership, all of which exist.

    Args:
        count: The number of associations.
        delay: The number of seconds before each answer.
        python: The interpreter, which can have another version of this library.
    """
    with _service(count, delay) as service, TemporaryDirectory() as folder:
        _write_assembly(Path(folder), count)
        endpoint = f"http://127.0.0.1:{service.server_address[1]}"
        own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        start = perf_counter()
        result = subprocess.run(
            [python, "-m", "cdk_cleanrooms", "adopt", "--dry-run", "--app", ".", "--cdk", python],
            cwd=folder,
            env={
                **own,
                "AWS_ACCESS_KEY_ID": "x",
                "AWS_SECRET_ACCESS_KEY": "x",
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
                "AWS_DEFAULT_REGION": REGION,
                "AWS_ENDPOINT_URL": endpoint,
                "NO_PROXY": "127.0.0.1",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        seconds = perf_counter() - start
    return Plan(service.requests, seconds, result.stdout.splitlines())


def _resource(index: int) -> dict[str, Any]:
    return {
        "MembershipIdentifier": MEMBERSHIP,
        "Name": f"customers-{index}",
        "InputReferenceConfig": {
            "InputReferenceArn": ID_NAMESPACE,
            "ManageResourcePolicies": True,
        },
    }


def _identifier(index: int) -> str:
    return f"a1b2c3d4-5678-90ab-cdef-{index:012}"


def _write_assembly(folder: Path, count: int) -> None:
    type = ID_NAMESPACE_ASSOCIATION.name
    resources = {
        f"Customers{index}": {"Type": type, "Properties": _resource(index)}
        for index in range(count)
    }
    # The form of the first versions, which every version understands.
    adoptions = {
        name: {"ConstructPath": f"Stack/{name}", "ResourceType": type, "ResourceIdentifier": None}
        for name in resources
    }
    manifest = {
        "version": "48.0.0",
        "artifacts": {
            "Stack": {
                "type": "aws:cloudformation:stack",
                "environment": f"aws://{ACCOUNT}/{REGION}",
                "properties": {"templateFile": "Stack.template.json"},
            }
        },
    }
    for name, content in {
        "Stack.template.json": {"Resources": resources},
        "Stack.adopt.json": adoptions,
        "manifest.json": manifest,
    }.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")


class _Service(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, count: int, delay: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.count = count
        self.delay = delay
        self.requests: Counter[str] = Counter()
        self.lock = Lock()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Service
    timeout: ClassVar[float] = 60

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        sleep(self.server.delay)
        name, status, answer = self._answer(body)
        with self.server.lock:
            self.server.requests[name] += 1
        content = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, body: str) -> tuple[str, int, Any]:
        if "X-Amz-Target" in self.headers:
            index = int(json.loads(body)["Identifier"].split("|")[0][-12:])
            identifier = _identifier(index)
            arn = f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:membership/{MEMBERSHIP}/x/{identifier}"
            properties = json.dumps({**_resource(index), "Arn": arn})
            return "GetResource", 200, {"ResourceDescription": {"Properties": properties}}
        action = dict(parse_qsl(body)).get("Action")
        if action == "GetCallerIdentity":
            return action, 200, _CALLER
        if action == "DescribeStacks":
            return action, 400, _NO_STACK
        url = urlsplit(unquote(self.path))
        if url.path.startswith("/tags/"):
            return "ListTagsForResource", 200, {"tags": {}}
        start = int(dict(parse_qsl(url.query)).get("nextToken", 0))
        end = min(start + PAGE, self.server.count)
        items = [
            {"id": _identifier(index), "name": f"customers-{index}", "membershipId": MEMBERSHIP}
            for index in range(start, end)
        ]
        more = {"nextToken": str(end)} if end < self.server.count else {}
        return "List", 200, {"idNamespaceAssociationSummaries": items, **more}


@contextmanager
def _service(count: int, delay: float) -> Iterator[_Service]:
    with _Service(count, delay) as service:
        thread = Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield service
        service.shutdown()
        thread.join()


if __name__ == "__main__":
    parser = ArgumentParser("python -m dev.benchmarks.plan")
    parser.add_argument("count", type=int, help="the number of associations")
    parser.add_argument("--delay", type=float, default=0, help="the seconds before each answer")
    parser.add_argument("--python", default=sys.executable, help="the interpreter to measure")
    options = parser.parse_args()
    measured = plan(options.count, delay=options.delay, python=options.python)
    sys.stdout.write(f"{measured.requests.total()} requests, {measured.seconds:.2f} s\n")
