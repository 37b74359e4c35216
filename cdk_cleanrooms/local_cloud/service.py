"""The common part of the local services: resources in memory, and operations on them.

A kind of resource needs no code if its operations just create, get, list, update and delete. Their
requests and answers follow botocore's model. If AWS documents more than that, the kind overrides
methods of `Kind`.

A resource that was not created here is assumed to exist *elsewhere*: nothing is known about it, and
it is not checked. A resource that was created here is checked strictly. If its identifier was
generated here, it does not exist any more after it has been deleted.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from botocore import xform_name
from botocore.model import StructureShape

from .._core import types
from .service_model import Members, ServiceError, UnsupportedError, service_model, shaped

# botocore's models contain neither of these limits, which apply to all of AWS.
_TAGS_OF_A_RESOURCE = 50
_RESERVED_PREFIX = "aws:"
# The variable that switches off refusals that no document states.
INFERRED_RULES = "CLEANROOMS_CLOUD_INFERRED_RULES"
_VERBS = ("Create", "Get", "Update", "Delete", "List")


@dataclass(frozen=True)
class Caller:
    """The account that sent a request, and the Region that received it."""

    account: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of the caller's resource."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


@dataclass
class Resource:
    """A resource: its members in the API, its tags, and facts that only the service knows."""

    kind: Kind
    owner: Caller
    arn: str
    members: Members
    tags: dict[str, str]
    facts: Members = field(default_factory=dict)
    rules: dict[str, Members] = field(default_factory=dict)


class World:
    """All resources of all services and accounts."""

    def __init__(self) -> None:
        self.resources: dict[str, Resource] = {}
        self.policies: dict[str, dict[str, Members]] = {}
        # Every role exists until IAM is connected.
        self.role_exists: Callable[[str], bool] = bool
        # The unsupported operations and types that were requested, by account.
        self.unsupported: dict[str, list[str]] = defaultdict(list)
        self._ended: set[str] = set()
        self.infers = os.environ.get(INFERRED_RULES, "on") != "off"

    def infer(self, error: ServiceError) -> None:
        """Raise an error that only follows from AWS's documents, unless that is switched off."""
        if self.infers:
            note = f"(Inferred from AWS's documents; {INFERRED_RULES}=off switches it off.)"
            members = {name: it for name, it in error.members.items() if name != "message"}
            raise ServiceError(error.code, f"{error} {note}", **members)

    def refusal(self, caller: Caller, what: str) -> UnsupportedError:
        """Record that something is not supported, and return the error."""
        self.unsupported[caller.account].append(what)
        return UnsupportedError(what)

    def forget(self, account: str) -> None:
        """Remove everything of an account."""
        self.unsupported.pop(account, None)
        for resource in [*self.resources.values()]:
            if resource.owner.account == account:
                del self.resources[resource.arn]
        for held in (self.policies, self._ended):
            for arn in [arn for arn in held if arn.split(":")[4] == account]:
                held.pop(arn) if isinstance(held, dict) else held.discard(arn)

    def add(self, resource: Resource) -> None:
        """Add a resource."""
        self.resources[resource.arn] = resource

    def end(self, resource: Resource) -> None:
        """Remove a resource."""
        del self.resources[resource.arn]
        self.policies.pop(resource.arn, None)
        # A name can refer to a resource elsewhere again, but an identifier from here cannot.
        if "id" in resource.members:
            self._ended.add(resource.arn)

    def known(self, arn: str) -> Resource | None:
        """Return a resource, or None if it is elsewhere; raise an error if it was deleted."""
        if arn in self._ended:
            raise not_found(arn)
        return self.resources.get(arn)

    def of(self, kind: str, **members: object) -> Iterator[Resource]:
        """Yield the resources of a kind, in all accounts, that have these members."""
        for resource in self.resources.values():
            if resource.kind.name == kind and members.items() <= resource.members.items():
                yield resource

    def of_membership(self, arn: str) -> Iterator[Resource]:
        """Yield all resources of a membership."""
        for resource in self.resources.values():
            if resource.members.get("membershipArn") == arn:
                yield resource

    def refuse_missing_role(self, caller: Caller, arn: str | None) -> None:
        """Refuse a role of the caller's account that does not exist in the local IAM."""
        is_own = arn is not None and arn.split(":")[4:5] == [caller.account]
        if arn and is_own and not self.role_exists(arn):
            raise invalid(f"The role {arn} does not exist or cannot be assumed.")


class Kind:
    """A kind of resource, defined by its operations in the model."""

    service: ClassVar[str]
    created: ClassVar[str]
    updated: ClassVar[str]
    role_members: ClassVar[tuple[str, ...]] = ("roleArn",)

    def __init__(self, name: str) -> None:
        self.name = name
        [self.type] = [
            one
            for one in types.RESOURCE_TYPES
            if (one.service, one.construct) == (self.service, name)
        ]
        self.label = self.type.noun
        model = service_model(self.service)
        self.identifiers = model.identifiers(f"Get{name}")
        self.shape: StructureShape = model.result(f"Get{name}")[1]

    def arn(self, caller: Caller, *identifiers: str) -> str:
        """Return the ARN of the caller's resource with these identifiers."""
        raise NotImplementedError

    def find(self, world: World, caller: Caller, request: Members) -> Resource:
        """Return the resource of a request, if the caller may see it."""
        arn = self.arn(caller, *(request[name] for name in self.identifiers))
        if arn not in world.resources:
            raise not_found(arn)
        return world.resources[arn]

    def visible(self, world: World, caller: Caller, _request: Members, /) -> Iterator[Resource]:
        """Yield the resources for the answer to a list operation."""
        for resource in world.of(self.name):
            if self.is_listed(caller, resource):
                yield resource

    def is_listed(self, caller: Caller, resource: Resource) -> bool:
        """Return whether the API lists a resource for a caller."""
        return resource.owner == caller

    def view(self, _world: World, _caller: Caller, resource: Resource, /) -> Members:
        """Return the API's description of a resource for a caller."""
        return resource.members

    def new(self, world: World, caller: Caller, request: Members) -> Resource:
        """Return the resource that a request creates, or raise an error."""
        raise NotImplementedError

    def change(self, world: World, caller: Caller, resource: Resource, request: Members) -> None:
        """Update a resource, or raise an error."""
        for name in self.role_members:
            world.refuse_missing_role(caller, request.get(name))
        others = {name: item for name, item in request.items() if name not in self.identifiers}
        resource.members.update(shaped(self.shape, others))
        resource.members[self.updated] = time.time()

    def end(self, world: World, _caller: Caller, resource: Resource, /) -> None:
        """Delete a resource, or raise an error."""
        world.end(resource)


class Service:
    """A service: its kinds of resources, and the operations on them."""

    name: ClassVar[str]

    def __init__(self, world: World | None = None, kinds: Iterable[Kind] = ()) -> None:
        self.world = world or World()
        self.model = service_model(self.name)
        self.kinds = {kind.name: kind for kind in kinds}

    def call(self, operation: str, caller: Caller, request: Members) -> Members:
        """Perform an operation of the API, or raise a `ServiceError`."""
        do = self._operation(operation)
        if do is None:
            raise self.world.refusal(caller, operation)
        try:
            self.model.validate(operation, request)
            answer = do(caller, request)
        except ServiceError as error:
            raise self.model.modelled(error, operation) from None
        result: Members = shaped(self.model.operation(operation).output_shape, answer)
        return result

    def has(self, operation: str) -> bool:
        """Return whether the local service supports an operation."""
        return self._operation(operation) is not None

    def _operation(self, operation: str) -> Callable[[Caller, Members], Members] | None:
        own: Callable[[Caller, Members], Members] | None = getattr(
            self, f"_{xform_name(operation)}", None
        )
        if own:
            return own
        for verb in _VERBS:
            name = operation.removeprefix(verb)
            name = name.removesuffix("s") if verb == "List" else name
            if operation.startswith(verb) and name in self.kinds:
                do = getattr(self, f"_{verb.lower()}")
                return lambda caller, request: do(operation, self.kinds[name], caller, request)
        return None

    def _wrapped(self, operation: str, members: Members) -> Members:
        wrapper, _ = self.model.result(operation)
        return {wrapper: members} if wrapper else members

    def _create(self, operation: str, kind: Kind, caller: Caller, request: Members) -> Members:
        refuse_tags(request.get("tags", {}), {})
        for name in kind.role_members:
            self.world.refuse_missing_role(caller, request.get(name))
        resource = kind.new(self.world, caller, request)
        resource.tags.update(request.get("tags", {}))
        self.world.add(resource)
        return self._wrapped(operation, kind.view(self.world, caller, resource))

    def _get(self, operation: str, kind: Kind, caller: Caller, request: Members) -> Members:
        resource = kind.find(self.world, caller, request)
        found = kind.view(self.world, caller, resource) | {"tags": resource.tags}
        return self._wrapped(operation, found)

    def _update(self, operation: str, kind: Kind, caller: Caller, request: Members) -> Members:
        resource = kind.find(self.world, caller, request)
        kind.change(self.world, caller, resource, request)
        return self._wrapped(operation, kind.view(self.world, caller, resource))

    def _delete(self, _operation: str, kind: Kind, caller: Caller, request: Members) -> Members:
        kind.end(self.world, caller, kind.find(self.world, caller, request))
        return {"message": "The resource was deleted."}

    def _list(self, operation: str, kind: Kind, caller: Caller, request: Members) -> Members:
        found = kind.visible(self.world, caller, request)
        views = [kind.view(self.world, caller, one) for one in found]
        return self._page(operation, views, request)

    def _page(self, operation: str, items: list[Members], request: Members) -> Members:
        output = self.model.operation(operation).output_shape
        [name] = [name for name, shape in output.members.items() if shape.type_name == "list"]
        token = request.get("nextToken", "0")
        if not token.isdecimal() or int(token) > len(items):
            raise invalid("The nextToken is not valid.")
        size = request.get("maxResults", len(items))
        if "maxResults" in request and size < 1:
            raise invalid("maxResults must be at least 1.")
        end = int(token) + size
        page: Members = {name: items[int(token) : end]}
        return page | {"nextToken": str(end)} if end < len(items) else page

    def _list_tags_for_resource(self, caller: Caller, request: Members) -> Members:
        return {"tags": self._by_arn(caller, request["resourceArn"]).tags}

    def _tag_resource(self, caller: Caller, request: Members) -> Members:
        resource = self._by_arn(caller, request["resourceArn"])
        refuse_tags(request["tags"], resource.tags)
        resource.tags.update(request["tags"])
        return {}

    def _untag_resource(self, caller: Caller, request: Members) -> Members:
        resource = self._by_arn(caller, request["resourceArn"])
        for key in request["tagKeys"]:
            resource.tags.pop(key, None)
        return {}

    def _by_arn(self, caller: Caller, arn: str) -> Resource:
        resource = self.world.resources.get(arn)
        if resource is None or resource.owner != caller or resource.kind.service != self.name:
            raise not_found(arn)
        return resource


def invalid(message: str) -> ServiceError:
    """Return the error for a request that the service refuses."""
    return ServiceError("ValidationException", message, reason="INVALID_CONFIGURATION")


def conflict(message: str, reason: str = "SUBRESOURCES_EXIST") -> ServiceError:
    """Return the error for a request that conflicts with an existing resource."""
    return ServiceError("ConflictException", message, reason=reason)


def not_found(arn: str) -> ServiceError:
    """Return the error for a resource that does not exist."""
    return ServiceError(
        "ResourceNotFoundException",
        f"The resource {arn} does not exist.",
        resourceId=arn,
        resourceType=arn.rpartition(":")[2].split("/")[0].upper(),
    )


def refuse_tags(new: dict[str, str], old: dict[str, str]) -> None:
    """Refuse reserved tags, and more tags than a resource can have."""
    reserved = [key for key in new if key.lower().startswith(_RESERVED_PREFIX)]
    if reserved:
        raise invalid(f"Tag keys that begin with 'aws:' are reserved: {reserved}.")
    own = [key for key in {**old, **new} if not key.startswith(_RESERVED_PREFIX)]
    if len(own) > _TAGS_OF_A_RESOURCE:
        raise invalid(
            f"A resource can have at most {_TAGS_OF_A_RESOURCE} tags, but there are {len(own)}."
        )
