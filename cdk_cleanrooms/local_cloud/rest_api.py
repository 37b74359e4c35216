"""The HTTP interface of the local services, according to botocore's models."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, unquote

from botocore.model import Shape

from .service import Caller, Service
from .service_model import ServiceError

_JSON = {"content-type": "application/json"}

Response = tuple[int, dict[str, str], bytes]


def answer(
    service: Service, caller: Caller, method: str, path: str, query: str, body: bytes
) -> Response:
    """Answer one HTTP request, whose path still contains its escapes."""
    try:
        operation, request = _read(service, caller, method, path, query, body)
        response = service.call(operation, caller, request)
        status: int = service.model.operation(operation).http["responseCode"]
        return status, _JSON, json.dumps(response).encode() if response else b""
    except ServiceError as error:
        headers = {**_JSON, "x-amzn-errortype": error.code}
        return error.status, headers, json.dumps(error.members).encode()


def _read(
    service: Service, caller: Caller, method: str, path: str, query: str, body: bytes
) -> tuple[str, dict[str, Any]]:
    for route in service.model.routes:
        if route.method == method and (match := route.path.fullmatch(path)):
            members = service.model.operation(route.operation).input_shape.members
            return route.operation, {
                **_body(body),
                **{name: unquote(value) for name, value in match.groupdict().items()},
                **{
                    name: _from_query(members.get(name), values)
                    for name, values in parse_qs(query, keep_blank_values=True).items()
                },
            }
    raise service.world.refusal(caller, f"{service.model.label} {method} {path}")


def _body(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body or b"{}")
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise ServiceError("ValidationException", "The body is not a JSON object.")
    return {name: value for name, value in content.items() if value is not None}


def _from_query(shape: Shape | None, values: list[str]) -> Any:
    if shape is not None and shape.type_name == "list":
        return values
    [value] = values[-1:]
    is_number = shape is not None and shape.type_name == "integer" and value.isdecimal()
    return int(value) if is_number else value
