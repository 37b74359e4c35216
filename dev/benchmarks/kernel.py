"""The requests that Python makes to the CDK's Node.js process, one by one.

They are what the constructs cost: each is a round trip between two processes, and their number
does not depend on the machine, so that it can be held by a test. As a program, this module counts
the requests of an app: `python -m dev.benchmarks.kernel app.py`.
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
jsii no longer has {missing}, through which every request to the CDK's process went. Find what took
its place in the installed jsii and mend dev/benchmarks/kernel.py, the only place with that name."""


def _description(request: object) -> str | None:
    """What a request asks for, or None for what happens once in a process and not for a construct.

    An object that is asked for something is told by nothing but what it is asked for.
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
    """Count the requests made inside a `with` statement, by what they ask for."""
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
