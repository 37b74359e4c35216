"""Tests that every operation follows the service's model in botocore, with random requests."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
import regex
from aws_cdk import aws_cleanrooms, aws_cleanroomsml, aws_entityresolution
from botocore.model import Shape
from botocore.serialize import create_serializer
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cdk_cleanrooms.local_cloud.application import services
from cdk_cleanrooms.local_cloud.clean_rooms import CleanRooms
from cdk_cleanrooms.local_cloud.handlers import OWN_TYPES, UNSUPPORTED_TYPES, resource_types
from cdk_cleanrooms.local_cloud.json_schema import problems
from cdk_cleanrooms.local_cloud.rest_api import answer
from cdk_cleanrooms.local_cloud.service import Caller, Resource, Service, World
from cdk_cleanrooms.local_cloud.service_model import ServiceError, schema_of
from tests.conformance.examples import for_each

from .samples import ASSOCIATIONS, COLLABORATION, INVITATION, MEMBERSHIP, PARTNER, SAMPLES

Request = dict[str, Any]

OURS = Caller("111122223333", "us-east-1")
_SERVICES = {one.name: one for one in services(World())}
ALL = [(name, each) for name, one in _SERVICES.items() for each in sorted(one.model.operations)]
SUPPORTED = [(name, operation) for name, operation in ALL if _SERVICES[name].has(operation)]
# The ARNs of these resources are longer than the patterns in the model, which describe older ones.
_LONGER_ARNS = re.compile(r"(configuredTableAssociation|privacyBudgetTemplate)\w*/(\d+/)?arn: ")


_ID = "a1b2c3d4-5678-90ab-cdef-111111111111"
_ACCOUNT = "us-east-1:111122223333"
# What matches the patterns of the models, most of which are too intricate to generate text from.
_TEXTS = (
    "a",
    "Customers_1",
    "111122223333",
    _ID,
    "ANY_QUERY",
    "/a/b",
    "s3://bucket/key/",
    "us-east-1",
    "cleanrooms.amazonaws.com",
    "entityresolution:GetIdNamespace",
    f"arn:aws:entityresolution:{_ACCOUNT}:idnamespace/a",
    f"arn:aws:entityresolution:{_ACCOUNT}:idmappingworkflow/a",
    f"arn:aws:entityresolution:{_ACCOUNT}:matchingworkflow/a",
    f"arn:aws:entityresolution:{_ACCOUNT}:schemamapping/a",
    "arn:aws:entityresolution:us-east-1::providerservice/a/b",
    f"arn:aws:glue:{_ACCOUNT}:table/a/b",
    "arn:aws:iam::111122223333:role/a",
    f"arn:aws:kms:{_ACCOUNT}:key/{_ID}",
    f"arn:aws:profile:{_ACCOUNT}:domains/a",
    f"arn:aws:profile:{_ACCOUNT}:domains/a/object-types/b",
    f"arn:aws:secretsmanager:{_ACCOUNT}:secret:a",
    f"arn:aws:cleanrooms:{_ACCOUNT}:membership/{_ID}",
    f"arn:aws:cleanrooms:{_ACCOUNT}:membership/{_ID}/analysistemplate/{_ID}",
    f"arn:aws:cleanrooms:{_ACCOUNT}:membership/{_ID}/configuredtableassociation/{_ID}",
    f"arn:aws:cleanrooms:{_ACCOUNT}:membership/{_ID}/configuredaudiencemodelassociation/{_ID}",
    f"arn:aws:cleanrooms-ml:{_ACCOUNT}:configured-audience-model/{_ID}",
)

_FOUND: dict[str, list[str]] = {}


def requests(shape: Shape) -> SearchStrategy[Any]:
    """Return values that the model allows."""
    limits = shape.metadata
    least = limits.get("min", 0)
    match shape.type_name:
        case "structure" if shape.is_document_type:
            return st.just({})
        case "structure":
            members = {name: requests(member) for name, member in shape.members.items()}
            if shape.is_tagged_union:
                return st.one_of([st.fixed_dictionaries({k: v}) for k, v in members.items()])
            needed = {name: members.pop(name) for name in shape.required_members}
            return st.fixed_dictionaries(needed, optional=members)
        case "list":
            most = min(limits.get("max", 3), max(least, 3))
            return st.lists(requests(shape.member), min_size=least, max_size=most)
        case "map":
            return st.dictionaries(requests(shape.key), requests(shape.value), max_size=3)
        case "integer" | "long":
            return st.integers(least, limits.get("max", 1000))
        case "float" | "double" | "timestamp":
            return st.floats(least, limits.get("max", 1000), allow_nan=False)
        case "string":
            return st.sampled_from(shape.enum or texts(shape))
        case "boolean":
            return st.booleans()
    raise NotImplementedError(shape.type_name)


def texts(shape: Shape) -> list[str]:
    """Return the texts that a shape allows, or one that can at least be sent."""
    # Shapes of different services have the same name.
    key = f"{shape.name} {shape.metadata}"
    if key not in _FOUND:
        try:
            schema = schema_of(shape)
            _FOUND[key] = [one for one in _TEXTS if not [*problems(schema, one)]] or ["a"]
        except regex.error:  # a pattern of an operation that is not supported
            _FOUND[key] = ["a"]
    return _FOUND[key]


def inhabited() -> tuple[dict[str, Service], dict[str, dict[str, str]]]:
    """Return the services with a resource of each type, and the identifiers of these by type."""
    found, existing, before = _made()
    world = next(iter(found.values())).world
    world.__init__()  # type: ignore[misc]
    for one in before:
        copy = replace(one, members=deepcopy(one.members), tags={**one.tags})
        world.add(replace(copy, facts=deepcopy(one.facts), rules=deepcopy(one.rules)))
    return found, existing


@cache
def _made() -> tuple[dict[str, Service], dict[str, dict[str, str]], list[Resource]]:
    world = World()
    host = Caller(PARTNER, "us-east-1")
    CleanRooms(world).call("CreateCollaboration", host, INVITATION)
    _, resource = world.resources.popitem()
    resource.arn = host.arn("cleanrooms", f"collaboration/{COLLABORATION}")
    resource.members |= {"id": COLLABORATION, "arn": resource.arn}
    world.add(resource)
    made = services(world)
    types = {one.name: one for service in made for one in resource_types(service)}
    associate = types["AWS::CleanRooms::IdNamespaceAssociation"]
    for association in ASSOCIATIONS:
        associate.create(OURS, "Before", association)
    existing: dict[str, dict[str, str]] = {}
    for name, sample in SAMPLES.items():
        physical_id, attributes = types[name].create(OURS, "Mine", sample.least)
        keys = types[name].schema.primary_identifier
        existing[name] = dict(zip(keys, physical_id.split("|"), strict=True)) | attributes
    return {one.name: one for one in made}, existing, [*world.resources.values()]


@pytest.mark.parametrize(("name", "operation"), SUPPORTED)
def test_each_answer_and_each_refusal_is_one_that_the_model_has(name: str, operation: str) -> None:
    model = inhabited()[0][name].model.operation(operation)
    errors = {shape.name: shape for shape in model.error_shapes}
    refusals: list[ServiceError] = []

    def examine(drawn: tuple[Request, bool]) -> None:
        request, is_of_existing = drawn
        found, existing = inhabited()
        if is_of_existing:
            request = request | _identifiers(operation, request, existing)
        try:
            given = found[name].call(operation, OURS, request)
        except ServiceError as error:
            refusals.append(error)
            return
        wrong = problems(schema_of(model.output_shape), json.loads(json.dumps(given)))
        assert [one for one in wrong if not _LONGER_ARNS.search(one)] == []

    for_each(st.tuples(requests(model.input_shape), st.booleans()), examine, in_a_test_run=5)
    for refusal in refusals:
        shape = errors[refusal.code]
        assert refusal.status == shape.metadata["error"]["httpStatusCode"]
        assert {*shape.required_members} <= refusal.members.keys() <= {*shape.members}
        assert "validation error(s) detected" not in str(refusal)


@pytest.mark.parametrize(("name", "operation"), SUPPORTED)
def test_a_request_without_something_that_the_model_requires_is_refused(
    name: str, operation: str
) -> None:
    service = inhabited()[0][name]
    model = service.model.operation(operation)
    shape = model.input_shape
    errors = {error.name: error for error in model.error_shapes}
    # The operation UntagResource of Entity Resolution has no error for an invalid request.
    error = errors.get("ValidationException") or errors["ResourceNotFoundException"]

    def examine(request: Request) -> None:
        for member in shape.required_members:
            less = {key: value for key, value in request.items() if key != member}
            with pytest.raises(ServiceError, match=rf"required key \[{member}\]") as refused:
                service.call(operation, OURS, less)
            assert refused.value.code == error.name
            assert refused.value.members.keys() <= {*error.members}

    for_each(requests(shape), examine, in_a_test_run=1)


@pytest.mark.parametrize(("name", "operation"), ALL)
def test_each_operation_is_supported_or_refused_with_a_code_of_its_own(
    name: str, operation: str
) -> None:
    service = {one.name: one for one in services(World())}[name]
    model = service.model.operation(operation)
    serializer = create_serializer("rest-json", include_validation=False)

    def examine(request: Request) -> None:
        sent = serializer.serialize_to_request(request, model)
        status, headers, body = answer(
            service,
            OURS,
            sent["method"],
            sent["url_path"],
            urlencode(sent["query_string"], doseq=True),
            sent["body"] or b"",
        )
        if service.has(operation):
            assert status != 501
            assert not service.world.unsupported
        else:
            assert (status, headers["x-amzn-errortype"]) == (501, "UnsupportedByLocalCloud")
            assert f"does not support {operation}, " in json.loads(body)["message"]
            assert service.world.unsupported.pop(OURS.account) == [operation]

    for_each(requests(model.input_shape), examine, in_a_test_run=1)


def test_each_resource_type_of_the_cdk_is_known() -> None:
    known = {one.name for service in services(World()) for one in resource_types(service)}
    known |= {*UNSUPPORTED_TYPES}
    for prefix, module in zip(
        OWN_TYPES, (aws_cleanrooms, aws_cleanroomsml, aws_entityresolution), strict=True
    ):
        types = re.findall(r"\bCfn([A-Z][a-z]\w*)(?=\b)", " ".join(vars(module)))
        names = {f"{prefix}{name}" for name in types if not name.endswith(("Props", "Mixin"))}
        assert names
        assert names <= known


def _identifiers(
    operation: str, request: Request, existing: dict[str, dict[str, str]]
) -> dict[str, str]:
    """Return the members of a request that name a resource, with those of existing ones."""
    kind = re.sub(r"^(Create|Get|Update|Delete|List|Populate)|(AnalysisRule|s)$", "", operation)
    of_kind = next((one for name, one in existing.items() if name.endswith(f"::{kind}")), {})
    known = {name[0].lower() + name[1:]: value for name, value in of_kind.items()}
    others = {"membershipIdentifier": MEMBERSHIP, "collaborationIdentifier": COLLABORATION}
    arn = {"arn": of_kind.get("Arn"), "resourceArn": of_kind.get("Arn")}
    return {
        name: value for name, value in (others | known | arn).items() if name in request and value
    }
