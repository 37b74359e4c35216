"""Count the requests from Python to the CDK's Node.js process.

The number of requests is a good measure of the cost, because each one is a round trip between two
processes. The number does not depend on the machine, so a test can verify it. As a program, this
module counts the requests of an app: `python -m dev.benchmarks.kernel app.py`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from runpy import run_path
from typing import Any

from jsii._kernel import types
from jsii._kernel.providers import process

_MOVED = """\
jsii no longer has {missing}, which used to send every request to the CDK's process. Find its
replacement in the installed jsii, and update dev/benchmarks/kernel.py, the only module that uses
it."""


def _description(request: object) -> str | None:
    """Describe a request, or return None for a request that is made only once in a process.

    The description does not contain the object to which the request belongs.
    """
    match request:
        case types.CreateRequest(fqn=fqn):
            return f"create {_short(fqn)}"
        case types.GetRequest(property=name):
            return f"get {name}"
        case types.StaticGetRequest(fqn=fqn, property=name):
            return f"get {_short(fqn)}.{name}"
        case types.SetRequest(property=name):
            return f"set {name}"
        case types.InvokeRequest(method=name):
            return f"call {name}"
        case types.StaticInvokeRequest(fqn=fqn, method=name):
            return f"call {_short(fqn)}.{name}"
        case types.LoadRequest():
            return None
        case _:
            return type(request).__name__.strip("_")


def _short(fqn: str) -> str:
    return fqn.rpartition(".")[2]


@contextmanager
def counted_requests() -> Iterator[Counter[str]]:
    """Count the requests inside a `with` statement, by their descriptions."""
    sender = _sender()
    send: Callable[..., Any] = sender.send
    requests: Counter[str] = Counter()

    def counting_send(self: object, request: object, *arguments: object) -> object:
        description = _description(request)
        if description:
            requests[description] += 1
        return send(self, request, *arguments)

    sender.send = counting_send
    try:
        yield requests
    finally:
        sender.send = send


def _sender() -> Any:
    sender = getattr(process, "_NodeProcess", None)
    if not callable(getattr(sender, "send", None)):
        raise RuntimeError(_MOVED.format(missing="process._NodeProcess.send"))
    return sender


if __name__ == "__main__":
    with counted_requests() as requests_of_app:
        run_path(sys.argv[1], run_name="__main__")
    json.dump(requests_of_app, sys.stdout)
