"""The local cloud as an ASGI application: two services of its own, and the rest from ministack."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from . import rest_api
from .clean_rooms import CleanRooms
from .entity_resolution import EntityResolution
from .environment import ABOUT
from .handlers import OWN_TYPES, UNSUPPORTED_TYPES, resource_types
from .identifiers import ReproducibleIdentifiers
from .ministack_adapter import Ministack
from .service import Caller, Service, World
from .service_model import Members

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/")


class _CleanRoomsML(Service):
    """A service of which nothing is supported, so that there is nothing to list either."""

    name = "cleanroomsml"

    def _list_configured_model_algorithm_associations(
        self, _caller: Caller, request: Members
    ) -> Members:
        return self._page("ListConfiguredModelAlgorithmAssociations", [], request)


def services(world: World) -> list[Service]:
    """Return the local services, with resources in a world that they share."""
    return [CleanRooms(world), EntityResolution(world), _CleanRoomsML(world)]


class Application:
    """Answers requests, and records them."""

    def __init__(self, folder: str, identifiers: ReproducibleIdentifiers) -> None:
        self._folder = folder
        self._world = World()
        self._services = {one.model.signing_name: one for one in services(self._world)}
        types = [one for it in self._services.values() for one in resource_types(it)]
        self._ministack = Ministack(types, self._world.refusal, identifiers)
        self._world.role_exists = self._ministack.role_exists
        self._requests: list[str] = []
        # The processes that use accounts alone, by account.
        self._leased: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        # Lifespan events would make ministack start servers, threads and scripts of its own.
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        signed = _CREDENTIAL.search(headers.get("authorization", ""))
        service = signed["service"] if signed else "-"
        if scope["path"].startswith(ABOUT):
            answer = self._about(scope["method"], scope["path"].removeprefix(ABOUT))
            await _send(send, (200, {}, json.dumps(answer).encode()))
            return
        self._requests.append(f"{service} {scope['method']} {scope['path']}")
        if signed and service in self._services:
            response = rest_api.answer(
                self._services[service],
                self._ministack.caller(signed["key"], signed["region"]),
                scope["method"],
                scope["raw_path"].decode(),
                scope["query_string"].decode(),
                await _body(receive),
            )
            await _send(send, response)
        else:
            await self._ministack.application(scope, receive, send)

    def _about(self, method: str, path: str) -> Any:
        match method, path.split("/"):
            case "GET", ["folder"]:
                return self._folder
            case "GET", ["requests"]:
                return self._requests
            case "GET", ["resources", account]:
                return [*self._seen_by(account)]
            case "GET", ["supports", name]:
                return self._supports(name)
            case "GET", ["unsupported", account]:
                return self._world.unsupported.get(account, [])
            case "POST", ["accounts", account, process]:
                return self._leased_account(account, int(process))
            case "DELETE", ["accounts", account]:
                self._leased.pop(account, None)
                self._forget(account)
        return None

    def _supports(self, name: str) -> bool | None:
        """Return None if the services have nothing of this name."""
        if "::" in name:
            is_known = not name.startswith(OWN_TYPES) or name in UNSUPPORTED_TYPES
            return self._ministack.has_type(name) or (False if is_known else None)
        having = [one for one in self._services.values() if name in one.model.operations]
        return all(one.has(name) for one in having) if having else None

    def _leased_account(self, account: str, process: int) -> bool:
        """Give an account to a process that uses it alone, unless another one does."""
        if account in self._leased and _runs(self._leased[account]):
            return False
        self._leased[account] = process
        self._forget(account)
        return True

    def _forget(self, account: str) -> None:
        self._world.forget(account)
        self._ministack.forget(account)

    def _seen_by(self, account: str) -> Iterator[Members]:
        for one in self._world.resources.values():
            caller = Caller(account, one.owner.region)
            # The API still lists a membership that has ended.
            is_active = one.kind.name != "Membership" or one.members["status"] == "ACTIVE"
            if is_active and one.kind.is_listed(caller, one):
                yield (
                    {"kind": one.kind.name, "account": one.owner.account}
                    | {"region": one.owner.region}
                    | one.kind.view(self._world, caller, one)
                    | {"tags": one.tags}
                )


def _runs(process: int) -> bool:
    """Return whether a process runs: one that was killed has not released its accounts."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # It is another user's.
    return True


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    is_complete = False
    while not is_complete:
        message = await receive()
        body += message.get("body", b"")
        is_complete = not message.get("more_body")
    return bytes(body)


async def _send(send: Send, response: rest_api.Response) -> None:
    status, headers, body = response
    wire = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": wire})
    await send({"type": "http.response.body", "body": body})
