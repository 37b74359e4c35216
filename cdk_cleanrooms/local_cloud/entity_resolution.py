"""The local AWS Entity Resolution: its kinds of resources, with the rules that AWS documents."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from uuid import NAMESPACE_URL, uuid5

from typing_extensions import override

from .service import (
    Caller,
    Kind,
    Resource,
    Service,
    World,
    conflict,
    invalid,
    not_found,
)
from .service_model import Members, shaped


class EntityResolutionKind(Kind):
    """A kind of resource of Entity Resolution, identified by its name."""

    service = "entityresolution"
    created, updated = "createdAt", "updatedAt"

    @override
    def arn(self, caller: Caller, *identifiers: str) -> str:
        [name] = identifiers
        # Requests refer to a partner's resource by its ARN.
        is_arn = name.startswith("arn:")
        return name if is_arn else caller.arn(self.service, f"{self.name.lower()}/{name}")

    @override
    def find(self, world: World, caller: Caller, request: Members) -> Resource:
        resource = super().find(world, caller, request)
        statements = world.policies.get(resource.arn, {}).values()
        if resource.owner != caller and not (
            resource.owner.region == caller.region
            and _allows(statements, caller, f"{self.service}:Get{self.name}")
        ):
            raise not_found(resource.arn)
        return resource

    @override
    def new(self, world: World, caller: Caller, request: Members) -> Resource:
        [identifier] = self.identifiers
        arn = self.arn(caller, request[identifier])
        if arn in world.resources:
            raise conflict(f"The {self.label} {request[identifier]} already exists.")
        self.check(world, caller, request)
        now = time.time()
        own = {self.type.arn: arn, "createdAt": now, "updatedAt": now}
        return Resource(self, caller, arn, shaped(self.shape, request | own), {})

    @override
    def change(self, world: World, caller: Caller, resource: Resource, request: Members) -> None:
        self._refuse_use(world, resource)
        self.check(world, caller, resource.members | request)
        super().change(world, caller, resource, request)

    @override
    def end(self, world: World, caller: Caller, resource: Resource) -> None:
        self._refuse_use(world, resource)
        super().end(world, caller, resource)

    def check(self, world: World, caller: Caller, request: Members) -> None:
        """Refuse a request that contradicts the resources that exist here."""
        for source in request.get("inputSourceConfig", ()):
            if source["inputSourceARN"].split(":")[2] == "entityresolution":
                world.known(source["inputSourceARN"])
            if name := source.get("schemaName"):
                world.known(caller.arn(self.service, f"schemamapping/{name}"))

    def users(self, _world: World, _resource: Resource, /) -> Iterator[Resource]:
        """Yield the resources that prevent changes and deletion of this resource."""
        yield from ()

    def _refuse_use(self, world: World, resource: Resource) -> None:
        for user in self.users(world, resource):
            raise conflict(f"{resource.arn} is in use by {user.arn}.")


class SchemaMapping(EntityResolutionKind):
    """A schema mapping, which cannot be changed while a workflow uses it."""

    @override
    def view(self, world: World, caller: Caller, resource: Resource) -> Members:
        return resource.members | {"hasWorkflows": any(self.users(world, resource))}

    @override
    def users(self, world: World, resource: Resource) -> Iterator[Resource]:
        for kind in ("MatchingWorkflow", "IdMappingWorkflow"):
            for workflow in world.of(kind):
                names = [one.get("schemaName") for one in workflow.members["inputSourceConfig"]]
                if workflow.owner == resource.owner and resource.members["schemaName"] in names:
                    yield workflow


class IdNamespace(EntityResolutionKind):
    """An ID namespace, which cannot be changed while a workflow uses it."""

    @override
    def users(self, world: World, resource: Resource) -> Iterator[Resource]:
        for workflow in world.of("IdMappingWorkflow"):
            sources = workflow.members["inputSourceConfig"]
            if resource.arn in [source["inputSourceARN"] for source in sources]:
                yield workflow


class MatchingWorkflow(EntityResolutionKind):
    """A matching workflow, whose output and rules use what its schema mappings define."""

    @override
    def view(self, world: World, caller: Caller, resource: Resource) -> Members:
        return resource.members | {
            "resolutionType": resource.members["resolutionTechniques"]["resolutionType"]
        }

    @override
    def check(self, world: World, caller: Caller, request: Members) -> None:
        super().check(world, caller, request)
        arns = [
            caller.arn(self.service, f"schemamapping/{source['schemaName']}")
            for source in request["inputSourceConfig"]
        ]
        schemas = [world.resources.get(arn) for arn in arns]
        fields = [field for one in schemas if one for field in one.members["mappedInputFields"]]
        if None in schemas:
            # It was not created here, so it may define anything.
            return
        names = {field["fieldName"] for field in fields}
        used = [one["name"] for it in request["outputSourceConfig"] for one in it["output"]]
        _refuse_undefined("output", used, names)
        rules = request["resolutionTechniques"].get("ruleBasedProperties", {}).get("rules", ())
        keys = {field["matchKey"] for field in fields if "matchKey" in field}
        _refuse_undefined("matching key", [key for it in rules for key in it["matchingKeys"]], keys)


def _refuse_undefined(what: str, used: Iterable[str], defined: Iterable[str]) -> None:
    undefined = sorted({*used} - {*defined})
    if undefined:
        raise invalid(
            f"The schema mappings of the workflow do not define the {what} {', '.join(undefined)}."
        )


# The member of a workflow with a choice, and the member of an ID namespace with the choices that
# it allows.
_MATCHING = {
    "attributeMatchingModel": "attributeMatchingModel",
    "recordMatchingModel": "recordMatchingModels",
    "ruleDefinitionType": "ruleDefinitionTypes",
}


class IdMappingWorkflow(EntityResolutionKind):
    """An ID mapping workflow, from a source to a target."""

    @override
    def check(self, world: World, caller: Caller, request: Members) -> None:
        super().check(world, caller, request)
        for source in request["inputSourceConfig"]:
            namespace = world.resources.get(source["inputSourceARN"])
            if namespace is None or namespace.kind.name != "IdNamespace":
                continue
            side = source.get("type", namespace.members["type"])
            if namespace.members["type"] != side:
                raise invalid(
                    f"The ID namespace {namespace.arn} is a {namespace.members['type']}, but the "
                    f"workflow uses it as a {side}."
                )
            self._compare_matching(request["idMappingTechniques"], namespace)

    @staticmethod
    def _compare_matching(techniques: Members, namespace: Resource) -> None:
        """Refuse a workflow that matches in another way than its ID namespace allows."""
        chosen = techniques.get("ruleBasedProperties", {})
        for properties in namespace.members.get("idMappingWorkflowProperties", ()):
            allowed = properties.get("ruleBasedProperties", {})
            for one, several in _MATCHING.items():
                if one in chosen and several in allowed and chosen[one] not in allowed[several]:
                    raise invalid(
                        f"The {one} {chosen[one]} of the workflow is not compatible with the ID "
                        f"namespace {namespace.arn}."
                    )


class EntityResolution(Service):
    """The service."""

    name = "entityresolution"

    def __init__(self, world: World | None = None) -> None:
        super().__init__(
            world,
            (
                SchemaMapping("SchemaMapping"),
                MatchingWorkflow("MatchingWorkflow"),
                IdNamespace("IdNamespace"),
                IdMappingWorkflow("IdMappingWorkflow"),
            ),
        )

    def _create_schema_mapping(self, caller: Caller, request: Members) -> Members:
        kind = self.kinds["SchemaMapping"]
        # The model of this answer, and only of this one, requires a description.
        return {"description": ""} | self._create("CreateSchemaMapping", kind, caller, request)

    def _add_policy_statement(self, caller: Caller, request: Members) -> Members:
        statements = self._statements(caller, request["arn"])
        statement = {
            "Sid": request["statementId"],
            "Effect": request["effect"],
            "Action": request["action"],
            "Principal": {"AWS": request["principal"]},
            "Resource": request["arn"],
        }
        if "condition" in request:
            statement["Condition"] = _condition(request["condition"])
        if request["statementId"] in statements:
            raise conflict(f"The statement {request['statementId']} already exists.")
        statements[request["statementId"]] = statement
        return self._policy(request["arn"], statements)

    def _get_policy(self, caller: Caller, request: Members) -> Members:
        return self._policy(request["arn"], self._statements(caller, request["arn"]))

    def _delete_policy_statement(self, caller: Caller, request: Members) -> Members:
        statements = self._statements(caller, request["arn"])
        if request["statementId"] not in statements:
            raise not_found(f"{request['arn']}/{request['statementId']}")
        del statements[request["statementId"]]
        return self._policy(request["arn"], statements)

    def _statements(self, caller: Caller, arn: str) -> dict[str, Members]:
        region, account = arn.split(":")[3:5]
        if (account, region) != (caller.account, caller.region):
            raise not_found(arn)
        self.world.known(arn)
        return self.world.policies.setdefault(arn, {})

    def _policy(self, arn: str, statements: dict[str, Members]) -> Members:
        document = {"Version": "2012-10-17", "Statement": list(statements.values())}
        policy = json.dumps(document)
        return {"arn": arn, "token": str(uuid5(NAMESPACE_URL, policy)), "policy": policy}


def _allows(statements: Iterable[Members], caller: Caller, action: str) -> bool:
    """Return whether a policy lets an account do something, if its conditions are met."""
    effects = {
        one["Effect"]
        for one in statements
        if caller.account in one["Principal"]["AWS"]
        and action.lower() in map(str.lower, one["Action"])
        and (one["Effect"] == "Allow" or "Condition" not in one)
    }
    return effects == {"Allow"}


def _condition(text: str) -> Members:
    try:
        condition = json.loads(text)
    except ValueError:
        condition = None
    if not isinstance(condition, dict):
        raise invalid("The condition is not a JSON object.")
    return condition
