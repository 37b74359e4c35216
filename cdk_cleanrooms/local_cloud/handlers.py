"""CloudFormation's handlers of a resource type, which call a service's API.

A type needs no code if the properties of its schema match the members of the API's requests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, ClassVar
from uuid import uuid4

from botocore.model import Shape
from typing_extensions import override

from .evaluation import Declared, missing
from .json_schema import Schema, members
from .resource_schema import resource_schema
from .service import Caller, Kind, Resource, Service, not_found
from .service_model import ServiceError

Properties = dict[str, Any]

_SYSTEM_TAG_PREFIX = "aws:cloudformation:"
# AWS's resource provider for the type ConfiguredTableAssociation maps errors in this way.
_HANDLER_ERROR_CODES = {
    "AccessDeniedException": "AccessDenied",
    "ConflictException": "ResourceConflict",
    "ExceedsLimitException": "ServiceLimitExceeded",
    "ResourceNotFoundException": "NotFound",
    "ServiceQuotaExceededException": "ServiceLimitExceeded",
    "ValidationException": "InvalidRequest",
}
OWN_TYPES = ("AWS::CleanRooms::", "AWS::CleanRoomsML::", "AWS::EntityResolution::")
UNSUPPORTED_TYPES = (
    "AWS::CleanRoomsML::ConfiguredModelAlgorithm",
    "AWS::CleanRoomsML::ConfiguredModelAlgorithmAssociation",
    "AWS::CleanRoomsML::TrainingDataset",
)


class HandlerError(ValueError):
    """The service refused a request. The message has the form of a stack event."""

    def __init__(self, error: ServiceError, service: str, operation: str) -> None:
        self.code = _HANDLER_ERROR_CODES[error.code]
        if error.code == "ConflictException" and operation.startswith("Create"):
            self.code = "AlreadyExists"
        # For some kinds of resources, the API denies access if the resource does not exist.
        if error.code == "AccessDeniedException" and operation.startswith("Get"):
            self.code = "NotFound"
        super().__init__(
            f'Resource handler returned message: "{error} (Service: {service}, Status Code: '
            f'{error.status}, Request ID: {uuid4()})" (RequestToken: {uuid4()}, '
            f"HandlerErrorCode: {self.code})"
        )


class ResourceType:
    """The handlers of a type. A physical ID is the primary identifier, joined by `|`."""

    # The API's names of properties, where they differ from CloudFormation's names.
    renamed: ClassVar[dict[str, str]] = {}
    # The property with analysis rules, which have separate operations.
    rules: str | None = None

    def __init__(self, service: Service, kind: Kind) -> None:
        self.service = service
        self.kind = kind
        self.name = kind.type.name
        self.rules = kind.type.analysis_rules
        self.schema = resource_schema(self.name)

    def create(
        self, caller: Caller, logical_id: str, properties: Properties
    ) -> tuple[str, dict[str, str]]:
        """Create a resource, and return its physical ID and its attributes."""
        properties = self.schema.read(logical_id, properties)
        own, system = _split_tags(properties.pop("Tags", []))
        rules = properties.pop(self.rules or "", [])
        operation = f"Create{self.kind.name}"
        request = self.to_request(operation, properties)
        # The API requires some lists that CloudFormation does not. A list that is omitted is empty.
        shape = self.service.model.operation(operation).input_shape
        for name in shape.required_members:
            if shape.members[name].type_name == "list":
                request.setdefault(name, [])
        created = self._call(operation, caller, request | ({"tags": own} if own else {}))
        wrapper, _ = self.service.model.result(operation)
        physical_id = self._physical_id(properties, created[wrapper] if wrapper else created)
        try:
            self._change_rules(caller, physical_id, [], rules)
        except HandlerError:
            self.delete(caller, physical_id)
            raise
        self.add_system_tags(caller, physical_id, system)
        return self.adopt(caller, physical_id)

    def update(
        self,
        caller: Caller,
        logical_id: str,
        physical_id: str,
        old: Properties,
        new: Properties,
    ) -> tuple[str, dict[str, str]]:
        """Change a resource in place; like AWS's providers, clear only tags and rules."""
        new = self.schema.read(logical_id, new)
        resource = self._resource(caller, physical_id)
        before = deepcopy((resource.members, resource.tags, resource.rules))
        try:
            self._change(caller, physical_id, dict(old), new)
        except HandlerError:
            # A failed update must not leave any of its changes.
            resource.members, resource.tags, resource.rules = before
            raise
        return self.adopt(caller, physical_id)

    def _change(self, caller: Caller, physical_id: str, old: Properties, new: Properties) -> None:
        self._change_tags(caller, physical_id, old.pop("Tags", []), new.pop("Tags", []))
        rules = old.pop(self.rules or "", []), new.pop(self.rules or "", [])
        if old != new:
            operation = f"Update{self.kind.name}"
            shape = self.service.model.operation(operation).input_shape
            for name, value in new.items():
                if self._member(shape, name) is None and old.get(name) != value:
                    self._refuse_update(operation, name)
            request = self.to_request(operation, new, only_known=True)
            self._call(operation, caller, request | self._identifiers(physical_id))
        # Afterwards, because a new rule can name a new column.
        self._change_rules(caller, physical_id, *rules)

    def delete(self, caller: Caller, physical_id: str) -> None:
        """Delete a resource, and accept that it may already be deleted."""
        try:
            self._resource(caller, physical_id)
            self._call(f"Delete{self.kind.name}", caller, self._identifiers(physical_id))
        except HandlerError as error:
            if error.code != "NotFound":
                raise

    def adopt(self, caller: Caller, physical_id: str) -> tuple[str, dict[str, str]]:
        """Import an existing resource, and return its physical ID and its attributes."""
        live = self.read(caller, physical_id)
        return physical_id, {name: _text(live[name]) for name in self.schema.attributes}

    def read(self, caller: Caller, physical_id: str) -> Properties:
        """Return the live properties of a resource."""
        resource = self._resource(caller, physical_id)
        view = resource.kind.view(self.service.world, caller, resource)
        found = self.to_properties(resource, view) | {
            "Tags": [
                {"Key": key, "Value": value}
                for key, value in resource.tags.items()
                if not key.startswith("aws:")
            ]
        }
        return {
            name: found[name]
            for name in self.schema.properties
            if found.get(name) not in (None, [])
        }

    def missing_permissions(
        self, parts: Mapping[str, Any], caller: Caller, physical_id: str, declared: Declared
    ) -> Iterator[str]:
        """Yield what the role of a resource lacks."""
        resource = self._resource(caller, physical_id)
        yield from missing(parts, resource, self.service.world, declared)

    def add_system_tags(self, caller: Caller, physical_id: str, tags: dict[str, str]) -> None:
        """Add CloudFormation's own tags, which name the stack of a resource."""
        if self.schema.is_taggable:
            self._resource(caller, physical_id).tags.update(tags)

    def to_request(
        self, operation: str, properties: Properties, *, only_known: bool = False
    ) -> dict[str, Any]:
        """Convert properties to the request of an operation."""
        shape = self.service.model.operation(operation).input_shape
        request = {}
        for name, value in properties.items():
            member = self._member(shape, name)
            if member:
                request[member] = _to_api(shape.members[member], value)
            elif not only_known:
                request[name] = value
        return request

    def to_properties(self, resource: Resource, view: dict[str, Any]) -> Properties:
        """Convert the API's description of a resource to properties."""
        identifier = f"{self.kind.name}Identifier"
        lower = {name.lower(): value for name, value in view.items()}
        found = {}
        for name, schema in self.schema.properties.items():
            for candidate in (
                self.renamed.get(name, name),
                "id" if name == identifier else name.removesuffix("entifier"),
            ):
                if candidate.lower() in lower:
                    found[name] = _to_cloudformation(schema, lower[candidate.lower()])
                    break
        if self.rules:
            found[self.rules] = [
                {
                    "Type": kind,
                    "Policy": _to_cloudformation(
                        self.schema.properties[self.rules]["items"]["properties"]["Policy"],
                        rule["policy"],
                    ),
                }
                for kind, rule in resource.rules.items()
            ]
        return found

    def _resource(self, caller: Caller, physical_id: str) -> Resource:
        operation = f"Get{self.kind.name}"
        self._call(operation, caller, self._identifiers(physical_id))
        return self.kind.find(self.service.world, caller, self._identifiers(physical_id))

    def _member(self, shape: Shape, name: str) -> str | None:
        wanted = self.renamed.get(name, name).lower()
        return next((one for one in shape.members if one.lower() == wanted), None)

    def _physical_id(self, properties: Properties, created: dict[str, Any]) -> str:
        identifier = f"{self.kind.name}Identifier"
        return "|".join(
            created["id"] if name == identifier else properties[name]
            for name in self.schema.primary_identifier
        )

    def _identifiers(self, physical_id: str) -> dict[str, str]:
        names = [name[0].lower() + name[1:] for name in self.schema.primary_identifier]
        return dict(zip(names, physical_id.split("|") + [""] * len(names), strict=False))

    def _refuse_update(self, operation: str, name: str) -> None:
        raise HandlerError(
            ServiceError(
                "ValidationException", f"{name} cannot be changed: {operation} does not accept it."
            ),
            self.service.model.label,
            operation,
        )

    def _change_tags(
        self,
        caller: Caller,
        physical_id: str,
        old: list[dict[str, str]],
        new: list[dict[str, str]],
    ) -> None:
        tags, old_tags = _split_tags(new)[0], _split_tags(old)[0]
        arn = self._resource(caller, physical_id).arn
        if changed := dict(tags.items() - old_tags.items()):
            self._call("TagResource", caller, {"resourceArn": arn, "tags": changed})
        if dropped := sorted(old_tags.keys() - tags.keys()):
            self._call("UntagResource", caller, {"resourceArn": arn, "tagKeys": dropped})

    def _change_rules(
        self, caller: Caller, physical_id: str, old: list[Properties], new: list[Properties]
    ) -> None:
        before = {rule["Type"]: rule for rule in old}
        after = {rule["Type"]: rule for rule in new}
        for kind in before.keys() - after.keys():
            self._change_rule("Delete", caller, physical_id, before[kind])
        for kind, rule in after.items():
            if kind not in before:
                self._change_rule("Create", caller, physical_id, rule)
            elif before[kind] != rule:
                self._change_rule("Update", caller, physical_id, rule)

    def _change_rule(self, verb: str, caller: Caller, physical_id: str, rule: Properties) -> None:
        operation = f"{verb}{self.kind.name}AnalysisRule"
        properties = {"AnalysisRuleType": rule["Type"], "AnalysisRulePolicy": rule["Policy"]}
        request = self.to_request(operation, properties, only_known=verb == "Delete")
        self._call(operation, caller, request | self._identifiers(physical_id))

    def _call(self, operation: str, caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
        try:
            return self.service.call(operation, caller, request)
        except ServiceError as error:
            raise HandlerError(error, self.service.model.label, operation) from error


class CollaborationType(ResourceType):
    """A collaboration. A separate operation of the API lists its members."""

    renamed: ClassVar = {"AutoApprovedChangeTypes": "autoApprovedChangeRequestTypes"}

    @override
    def to_properties(self, resource: Resource, view: dict[str, Any]) -> Properties:
        # Use the values of the request, so that a default of the service is not a difference.
        return super().to_properties(resource, view | resource.facts["request"] | resource.members)


class MembershipType(ResourceType):
    """A membership, which counts as deleted when it has ended."""

    @override
    def to_request(
        self, operation: str, properties: Properties, *, only_known: bool = False
    ) -> dict[str, Any]:
        if operation.startswith("Update") and "PaymentConfiguration" in properties:
            properties = dict(properties)
            properties["MembershipPaymentConfiguration"] = properties.pop("PaymentConfiguration")
        return super().to_request(operation, properties, only_known=only_known)

    @override
    def _member(self, shape: Shape, name: str) -> str | None:
        found = super()._member(shape, name)
        is_payment = name == "PaymentConfiguration"
        return found or (super()._member(shape, f"Membership{name}") if is_payment else None)

    @override
    def _resource(self, caller: Caller, physical_id: str) -> Resource:
        resource = super()._resource(caller, physical_id)
        if resource.members["status"] != "ACTIVE":
            error = not_found(resource.arn)
            raise HandlerError(error, self.service.model.label, "GetMembership")
        return resource


class PrivacyBudgetTemplateType(ResourceType):
    """A privacy budget template, whose parameters in the API depend on the kind of budget."""

    @override
    def to_request(
        self, operation: str, properties: Properties, *, only_known: bool = False
    ) -> dict[str, Any]:
        is_access = properties["PrivacyBudgetType"] == "ACCESS_BUDGET"
        branch = "AccessBudget" if is_access else "DifferentialPrivacy"
        parameters = dict(properties["Parameters"])
        if operation.startswith("Update"):
            # The resource of a budget cannot change, so the API does not ask for it.
            parameters.pop("ResourceArn", None)
        properties = properties | {"Parameters": {branch: parameters}}
        return super().to_request(operation, properties, only_known=only_known)

    @override
    def to_properties(self, resource: Resource, view: dict[str, Any]) -> Properties:
        [parameters] = view["parameters"].values()
        return super().to_properties(resource, view | {"parameters": parameters})


class WorkflowType(ResourceType):
    """A workflow; its inputs contain a schema's ARN, but the API expects the schema's name."""

    renamed: ClassVar = {"IdMappingIncrementalRunConfig": "incrementalRunConfig"}

    @override
    def to_request(
        self, operation: str, properties: Properties, *, only_known: bool = False
    ) -> dict[str, Any]:
        sources = [
            {
                "SchemaName" if name == "SchemaArn" else name: (
                    value.rpartition("/")[2] if name == "SchemaArn" else value
                )
                for name, value in source.items()
            }
            for source in properties["InputSourceConfig"]
        ]
        properties = properties | {"InputSourceConfig": sources}
        return super().to_request(operation, properties, only_known=only_known)

    @override
    def to_properties(self, resource: Resource, view: dict[str, Any]) -> Properties:
        schemas = resource.owner.arn("entityresolution", "schemamapping")
        sources = [
            source
            | ({"schemaArn": f"{schemas}/{name}"} if (name := source.get("schemaName")) else {})
            for source in view["inputSourceConfig"]
        ]
        return super().to_properties(resource, view | {"inputSourceConfig": sources})


class PolicyStatementType(ResourceType):
    """A statement of a resource policy, which has separate operations."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.name = "AWS::EntityResolution::PolicyStatement"
        self.schema = resource_schema(self.name)

    @override
    def create(
        self, caller: Caller, logical_id: str, properties: Properties
    ) -> tuple[str, dict[str, str]]:
        properties = self.schema.read(logical_id, properties)
        request = self.to_request("AddPolicyStatement", properties)
        self._call("AddPolicyStatement", caller, request)
        return f"{properties['Arn']}|{properties['StatementId']}", {}

    @override
    def update(
        self, caller: Caller, logical_id: str, physical_id: str, old: Properties, new: Properties
    ) -> tuple[str, dict[str, str]]:
        self.delete(caller, physical_id)
        return self.create(caller, logical_id, new)

    @override
    def missing_permissions(
        self, parts: Mapping[str, Any], caller: Caller, physical_id: str, declared: Declared
    ) -> Iterator[str]:
        yield from ()

    @override
    def delete(self, caller: Caller, physical_id: str) -> None:
        try:
            self._call("DeletePolicyStatement", caller, self._identifiers(physical_id))
        except HandlerError as error:
            if error.code != "NotFound":
                raise

    @override
    def read(self, caller: Caller, physical_id: str) -> Properties:
        arn, _, identifier = physical_id.partition("|")
        policy = self._call("GetPolicy", caller, {"arn": arn})["policy"]
        for statement in json.loads(policy)["Statement"]:
            if statement["Sid"] == identifier:
                condition = statement.get("Condition")
                return {
                    "Arn": arn,
                    "StatementId": identifier,
                    "Effect": statement["Effect"],
                    "Action": statement["Action"],
                    "Principal": statement["Principal"]["AWS"],
                    **({"Condition": json.dumps(condition)} if condition else {}),
                }
        raise HandlerError(not_found(physical_id), self.service.model.label, "GetPolicy")


_SPECIAL: dict[str, type[ResourceType]] = {
    "Collaboration": CollaborationType,
    "IdMappingWorkflow": WorkflowType,
    "MatchingWorkflow": WorkflowType,
    "Membership": MembershipType,
    "PrivacyBudgetTemplate": PrivacyBudgetTemplateType,
}


def resource_types(service: Service) -> list[ResourceType]:
    """Return the types of all kinds of resources of a service."""
    types = [
        _SPECIAL.get(name, ResourceType)(service, kind) for name, kind in service.kinds.items()
    ]
    has_policies = service.has("AddPolicyStatement")
    return [*types, PolicyStatementType(service)] if has_policies else types


def _split_tags(tags: list[dict[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    by_key = {tag["Key"]: tag["Value"] for tag in tags}
    system = {key: by_key[key] for key in by_key if key.startswith(_SYSTEM_TAG_PREFIX)}
    return {key: by_key[key] for key in by_key if key not in system}, system


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _to_api(shape: Shape, value: Any) -> Any:
    """Rename members to the API's names; unknown members stay, so that they are refused."""
    if shape.type_name == "list" and isinstance(value, list):
        return [_to_api(shape.member, item) for item in value]
    if (
        shape.type_name != "structure"
        or getattr(shape, "is_document_type", False)
        or not isinstance(value, dict)
    ):
        return value
    names = {name.lower(): name for name in shape.members}
    return {
        names.get(name.lower(), name): (
            _to_api(shape.members[names[name.lower()]], item) if name.lower() in names else item
        )
        for name, item in value.items()
    }


def _to_cloudformation(schema: Schema, value: Any) -> Any:
    """Rename members to the schema's names, and remove all others."""
    if isinstance(value, list):
        return [_to_cloudformation(schema.get("items", {}), item) for item in value]
    if isinstance(value, dict):
        known = {name.lower(): name for name in members(schema)}
        if not known:
            return value
        return {
            known[name.lower()]: _to_cloudformation(members(schema)[known[name.lower()]], item)
            for name, item in value.items()
            if name.lower() in known
        }
    return _text(value) if schema.get("type") == "string" else value
