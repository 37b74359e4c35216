"""The Clean Rooms API as botocore's model describes it: operations, requests and errors."""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.model import OperationModel, ServiceModel, Shape
from botocore.session import get_session

from dev.local_cloud.json_schema import Schema, problems

# The model allows this 100 characters, which no ARN of an association fits into.
_TOO_TIGHT = "CleanroomsArn"


class ServiceError(Exception):
    """An error that the API's model knows, by its name there."""

    def __init__(self, code: str, message: str, **members: object) -> None:
        super().__init__(message)
        self.code = code
        self.members = {"message": message, **members}

    @property
    def status(self) -> int:
        """The HTTP status that the model gives the error."""
        status: int = _service_model().shape_for(self.code).metadata["error"]["httpStatusCode"]
        return status


@cache
def _service_model() -> ServiceModel:
    return get_session().get_service_model("cleanrooms")


def operation_model(operation: str) -> OperationModel:
    """The model of one operation."""
    return _service_model().operation_model(operation)


def validate(operation: str, request: dict[str, Any]) -> None:
    """Refuse a request that the model of its operation does not allow."""
    found = list(problems(_request_schema(operation), request))
    if found:
        raise ServiceError(
            "ValidationException",
            f"{len(found)} validation error(s) detected: {'; '.join(found)}",
            reason="FIELD_VALIDATION_FAILED",
        )


@cache
def _request_schema(operation: str) -> Schema:
    return _schema(operation_model(operation).input_shape)


def _schema(shape: Shape) -> Schema:
    limits = shape.metadata
    least, most = limits.get("min", 0), limits.get("max", float("inf"))
    match shape.type_name:
        case "structure":
            return {
                "type": "object",
                "required": shape.required_members,
                "properties": {name: _schema(member) for name, member in shape.members.items()},
                "additionalProperties": False,
            }
        case "map":
            return {
                "type": "object",
                "properties": {},
                "minProperties": least,
                "maxProperties": most,
                "propertyNames": _schema(shape.key),
                "additionalProperties": _schema(shape.value),
            }
        case "list":
            return {"type": "array", "items": _schema(shape.member)}
        case "integer":
            return {"type": "integer", "minimum": least, "maximum": most}
        case "string" if shape.name != _TOO_TIGHT:
            # The service matches the whole of a string.
            pattern = {"pattern": rf"\A(?:{limits['pattern']})\Z"} if "pattern" in limits else {}
            return {"type": "string", "minLength": least, "maxLength": most, **pattern}
        case kind:
            return {"type": kind}
