"""The API of a service as botocore's model describes it: operations, requests and errors."""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import Any, NamedTuple

from botocore.model import OperationModel, Shape, StructureShape
from botocore.session import get_session

from dev.local_cloud.json_schema import Schema, problems

Members = dict[str, Any]

# The model allows this 100 characters, which no ARN of an association fits into.
_TOO_TIGHT = "CleanroomsArn"


class ServiceError(Exception):
    """An error that the APIs' models know, by its name there."""

    status = 400

    def __init__(self, code: str, message: str, **members: object) -> None:
        super().__init__(message)
        self.code = code
        self.members = {"message": message, **members}


class Route(NamedTuple):
    """How the requests of one operation are recognized."""

    method: str
    path: re.Pattern[str]
    operation: str


class ServiceModel:
    """One service's model."""

    def __init__(self, service: str) -> None:
        self._model = get_session().get_service_model(service)
        self.name = service
        self.label: str = self._model.service_id.replace(" ", "")
        self._schemas: dict[str, Schema] = {}

    def operation(self, name: str) -> OperationModel:
        """The model of one operation."""
        return self._model.operation_model(name)

    @cached_property
    def operations(self) -> frozenset[str]:
        """The names of all operations."""
        return frozenset(self._model.operation_names)

    @cached_property
    def routes(self) -> list[Route]:
        """Where each operation is, the longest path first, whose names are the most exact."""
        routes = []
        for name in self.operations:
            http = self.operation(name).http
            path = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", http["requestUri"])
            routes.append(Route(http["method"], re.compile(path), name))
        return sorted(routes, key=lambda route: -len(route.path.pattern))

    def identifiers(self, operation: str) -> tuple[str, ...]:
        """The members of a request that are in its path, in their order."""
        return tuple(re.findall(r"\{(\w+)\}", self.operation(operation).http["requestUri"]))

    def result(self, operation: str) -> tuple[str | None, StructureShape]:
        """The shape of what an operation answers with, and the member it is wrapped in, if any."""
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
        """The error as this operation can raise it, with its HTTP status.

        A service that does not say whether something exists denies access to it, and a conflict
        is an invalid request where the model has no conflicts.
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
def service_model(service: str) -> ServiceModel:
    """The model of a service, read once."""
    return ServiceModel(service)


def shaped(shape: Shape, value: Any) -> Any:
    """A value with only what a shape has a place for."""
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
    """A JSON Schema for a shape."""
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
            # The service matches the whole of a string.
            pattern = {"pattern": rf"\A(?:{limits['pattern']})\Z"} if "pattern" in limits else {}
            values = {"enum": shape.enum} if shape.enum else {}
            return {"type": "string", "minLength": least, "maxLength": most, **pattern, **values}
        case kind:
            return {"type": kind}
