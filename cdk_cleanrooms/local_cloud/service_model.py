"""The API of a service in botocore's model: operations, requests and errors."""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import Any, NamedTuple

from botocore import model as botocore_model
from botocore.loaders import Loader, create_loader
from botocore.model import OperationModel, Shape, StructureShape

from .json_schema import Schema, problems

Members = dict[str, Any]

# The model allows only 100 characters for this shape, but ARNs of associations are longer.
_TOO_TIGHT = "CleanroomsArn"
# Patterns that mean the same as those of the model, which some engines need very long to evaluate.
_EQUAL_PATTERNS = {"AthenaTableName": "[a-zA-Z0-9_]+"}


class ServiceError(Exception):
    """An error of a service, with its name in the model of the API."""

    status = 400

    def __init__(self, code: str, message: str, **members: object) -> None:
        super().__init__(message)
        self.code = code
        self.members = {"message": message, **members}


class UnsupportedError(ServiceError):
    """An operation that AWS has, but the local cloud does not."""

    # The SDKs send a request once more after most errors of a server, but not after this one.
    status = 501

    def __init__(self, what: str) -> None:
        super().__init__(
            "UnsupportedByLocalCloud",
            f"The local cloud does not support {what}, although AWS may.",
        )


class Route(NamedTuple):
    """The method and path by which the requests of an operation are recognized."""

    method: str
    path: re.Pattern[str]
    operation: str


class ServiceModel:
    """The model of one service."""

    def __init__(self, service: str) -> None:
        # Not from a session, because the import of botocore's clients takes longer than all this.
        description = _loader().load_service_model(service, "service-2")
        self._model = botocore_model.ServiceModel(description, service)
        self.name = service
        self.label: str = self._model.service_id.replace(" ", "")
        self.signing_name: str = self._model.signing_name
        self._schemas: dict[str, Schema] = {}

    def operation(self, name: str) -> OperationModel:
        """Return the model of an operation."""
        return self._model.operation_model(name)

    @cached_property
    def operations(self) -> frozenset[str]:
        """The names of all operations."""
        return frozenset(self._model.operation_names)

    @cached_property
    def routes(self) -> list[Route]:
        """The routes of all operations, with the longest and so most specific paths first."""
        routes = []
        for name in self.operations:
            http = self.operation(name).http
            path = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", http["requestUri"])
            routes.append(Route(http["method"], re.compile(path), name))
        return sorted(routes, key=lambda route: -len(route.path.pattern))

    def identifiers(self, operation: str) -> tuple[str, ...]:
        """Return the members of a request that are part of its path, in order."""
        return tuple(re.findall(r"\{(\w+)\}", self.operation(operation).http["requestUri"]))

    def result(self, operation: str) -> tuple[str | None, StructureShape]:
        """Return the member that wraps an operation's result, if any, and the result's shape."""
        output = self.operation(operation).output_shape
        assert isinstance(output, StructureShape)
        if len(output.members) == 1:
            [(name, shape)] = output.members.items()
            if isinstance(shape, StructureShape):
                return name, shape
        return None, output

    def validate(self, operation: str, request: Members) -> None:
        """Refuse a request that the model of its operation does not allow."""
        if operation not in self._schemas:
            self._schemas[operation] = schema_of(self.operation(operation).input_shape)
        found = list(problems(self._schemas[operation], request))
        if found:
            raise ServiceError(
                "ValidationException",
                f"{len(found)} validation error(s) detected: {'; '.join(found)}",
                reason="FIELD_VALIDATION_FAILED",
            )

    def modelled(self, error: ServiceError, operation: str) -> ServiceError:
        """Return an error that this operation can raise, with its HTTP status.

        If the model of the operation has no error for a missing resource, access is denied. If it
        has no error for a conflict, the request is invalid.
        """
        known = {shape.name: shape for shape in self.operation(operation).error_shapes}
        if error.code not in known:
            is_missing = error.code == "ResourceNotFoundException"
            error.code = "AccessDeniedException" if is_missing else "ValidationException"
        if error.code not in known:
            error.code = "ResourceNotFoundException"
        shape = known[error.code]
        error.members = {
            name: value for name, value in error.members.items() if name in shape.members
        }
        error.status = shape.metadata["error"]["httpStatusCode"]
        return error


@cache
def _loader() -> Loader:
    return create_loader()


@cache
def service_model(service: str) -> ServiceModel:
    """Return the model of a service, which is read only once."""
    return ServiceModel(service)


def shaped(shape: Shape, value: Any) -> Any:
    """Return a value without the members that its shape does not contain."""
    match shape.type_name:
        case "structure" if not getattr(shape, "is_document_type", False):
            return {
                name: shaped(shape.members[name], item)
                for name, item in value.items()
                if name in shape.members and item is not None
            }
        case "list":
            return [shaped(shape.member, item) for item in value]
    return value


def schema_of(shape: Shape) -> Schema:
    """Return a JSON Schema for a shape."""
    limits = shape.metadata
    least, most = limits.get("min", 0), limits.get("max", float("inf"))
    match shape.type_name:
        case "structure" if shape.is_document_type:
            return {}
        case "structure":
            only_one = {"minProperties": 1, "maxProperties": 1} if shape.is_tagged_union else {}
            return {
                "type": "object",
                "required": shape.required_members,
                "properties": {name: schema_of(member) for name, member in shape.members.items()},
                "additionalProperties": False,
                **only_one,
            }
        case "map":
            return {
                "type": "object",
                "minProperties": least,
                "maxProperties": most,
                "propertyNames": schema_of(shape.key),
                "additionalProperties": schema_of(shape.value),
            }
        case "list":
            return {
                "type": "array",
                "items": schema_of(shape.member),
                "minItems": least,
                "maxItems": most,
            }
        case "integer" | "long":
            return {"type": "integer", "minimum": least, "maximum": most}
        case "float" | "double" | "timestamp":
            return {"type": "number", "minimum": least, "maximum": most}
        case "string" if shape.name != _TOO_TIGHT:
            # The service matches the whole string.
            written = _EQUAL_PATTERNS.get(shape.name, limits.get("pattern"))
            pattern = {"pattern": rf"\A(?:{written})\Z"} if written else {}
            values = {"enum": shape.enum} if shape.enum else {}
            return {"type": "string", "minLength": least, "maxLength": most, **pattern, **values}
        case kind:
            return {"type": kind}
