"""Measure `cdk-cleanrooms export`: `python -m dev.benchmarks.export 300 --delay 0.02`.

The command asks a service on this machine, which has a whole collaboration. With `--read`, it only
reads the collaboration, and neither prints nor checks the app. With `--one-by-one`, it also sends
one request after the other.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from cdk_cleanrooms._cli.side_by_side import LIMIT
from cdk_cleanrooms._core import types
from cdk_cleanrooms._core.types import ResourceType

from .service import Answers, Measured, measure, page
from .values import ACCOUNT, COLLABORATION, REGION, ROLE

MEMBERSHIP = "a1b2c3d4-5678-90ab-cdef-222222222222"
_EXPORT = ("export", "--membership", MEMBERSHIP)
_READ = f"""
import sys
from cdk_cleanrooms._cli import side_by_side
from cdk_cleanrooms._cli.aws import Aws
from cdk_cleanrooms._cli.export.reader import Reader

side_by_side.LIMIT = int(sys.argv[1])
reader = Reader(Aws(profile=None, region={REGION!r}), {REGION!r}, [])
print(len(reader.read(collaboration=None, membership={MEMBERSHIP!r}).resources))
"""
_ABILITIES = ["CAN_QUERY", "CAN_RECEIVE_RESULTS"]
_PAYMENT = {"queryCompute": {"isResponsible": True}}
# What only a member of an answer of the services has.
_IN_COLLABORATION = {"membershipId": MEMBERSHIP, "collaborationId": COLLABORATION}
_DATES = {"createdAt": 0, "updatedAt": 0}


class _Resource(NamedTuple):
    type: ResourceType
    identifier: str
    properties: dict[str, Any]
    members: dict[str, Any]

    @property
    def arn(self) -> str:
        parent = f"membership/{MEMBERSHIP}/" if self.type.is_in_membership else ""
        return _arn(self.type.service, f"{parent}{self.type.path}/{self.identifier}")


def export(
    count: int, *, on_page: int = 20, delay: float = 0, side_by_side: int | None = None
) -> Measured:
    """Export a collaboration.

    Args:
        count: The number of resources, at least 8.
        on_page: The number of items on each page of a listing.
        delay: The number of seconds before each answer.
        side_by_side: How many requests run side by side; the collaboration is then only read. None
            if it is printed too.
    """
    resources = {(one.type, one.identifier): one for one in collaboration_of(count)}

    def get_resource(type: str, identifier: str) -> dict[str, Any]:
        found = resources[types.BY_NAME[type], identifier.split("|")[0]]
        keys = {
            found.type.arn_property: found.arn,
            found.type.identifier_property: found.identifier,
        }
        return {**found.properties, **keys}

    def rest(path: str, parameters: dict[str, str]) -> tuple[str, Any]:
        *_, kind, last = path.split("/")
        for type in types.RESOURCE_TYPES:
            if (type, last) in resources and _path(type) == kind:
                described = _described(resources[type, last])
                is_wrapped = type.service == types.COLLABORATION.service
                return type.get, {
                    _first_lower(type.construct): described
                } if is_wrapped else described
        if last == "members":
            return "list_members", page("memberSummaries", [_MEMBER], parameters, on_page)
        for type in types.RESOURCE_TYPES:
            if _path(type) == last:
                items = [_described(one) for one in resources.values() if one.type is type]
                return type.list, page(type.list_items, items, parameters, on_page)
        return last, {_EMPTY[last]: []}

    with TemporaryDirectory() as folder:
        return measure(
            ["-c", _READ, str(side_by_side)]
            if side_by_side
            else ["-m", "cdk_cleanrooms", *_EXPORT],
            Answers(get_resource, rest),
            Path(folder),
            delay=delay,
        )


# The lists that have no items, by the last part of their URL.
_EMPTY = {
    "changeRequests": "collaborationChangeRequestSummaries",
    "configured-model-algorithm-associations": "configuredModelAlgorithmAssociations",
    "configuredaudiencemodelassociations": "configuredAudienceModelAssociationSummaries",
}
_MEMBER = {
    "accountId": ACCOUNT,
    "displayName": "Retailer",
    "abilities": _ABILITIES,
    "paymentConfiguration": _PAYMENT,
    "status": "ACTIVE",
}


def collaboration_of(count: int) -> Iterator[_Resource]:
    """Yield the resources of a collaboration, with as many of one type as of each other one."""
    name = {"Name": "audience-overlap", "Description": "Which customers we share"}
    creator = {"CreatorDisplayName": "Retailer", "CreatorMemberAbilities": _ABILITIES}
    logs = {"QueryLogStatus": "ENABLED"}
    of_collaboration = {"creatorAccountId": ACCOUNT}
    yield _Resource(
        types.COLLABORATION, COLLABORATION, {**name, **creator, **logs}, of_collaboration
    )
    payment = {"PaymentConfiguration": {"QueryCompute": {"IsResponsible": True}}}
    of_membership = {
        **_IN_COLLABORATION,
        "collaborationName": name["Name"],
        "collaborationCreatorAccountId": ACCOUNT,
        "memberAbilities": _ABILITIES,
        "status": "ACTIVE",
    }
    joined = {"CollaborationIdentifier": COLLABORATION, **payment, **logs}
    yield _Resource(types.MEMBERSHIP, MEMBERSHIP, joined, of_membership)
    groups, others = divmod(count - 2, 6)
    for number in range(groups):
        yield from _group(number)
    for number in range(groups, groups + others):
        yield _template(number)


def _group(number: int) -> Iterator[_Resource]:
    """Yield an ID namespace and a configured table, and what belongs to each of them."""
    name = f"customers-{number}"
    table = {"Glue": {"DatabaseName": "crm", "TableName": f"customers_{number}"}}
    fields = [
        {"FieldName": "id", "Type": "UNIQUE_ID"},
        {"FieldName": "email", "Type": "EMAIL_ADDRESS", "MatchKey": "email"},
    ]
    yield _Resource(
        types.SCHEMA_MAPPING,
        name,
        {"SchemaName": name, "MappedInputFields": fields},
        {"hasWorkflows": True, **_DATES},
    )
    glue = _arn("glue", f"table/crm/customers_{number}")
    namespace = {
        "IdNamespaceName": name,
        "Type": "SOURCE",
        "InputSourceConfig": [{"InputSourceARN": glue, "SchemaName": name}],
        "IdMappingWorkflowProperties": [
            {
                "IdMappingType": "RULE_BASED",
                "RuleBasedProperties": {
                    "RuleDefinitionTypes": ["TARGET"],
                    "AttributeMatchingModel": "ONE_TO_ONE",
                    "RecordMatchingModels": ["ONE_SOURCE_TO_ONE_TARGET"],
                },
            }
        ],
        "RoleArn": ROLE,
    }
    yield _Resource(types.ID_NAMESPACE, name, namespace, _DATES)
    yield _in_membership(
        types.ID_NAMESPACE_ASSOCIATION,
        number,
        InputReferenceConfig={
            "InputReferenceArn": _arn("entityresolution", f"idnamespace/{name}"),
            "ManageResourcePolicies": True,
        },
    )
    policy = {"V1": {"List": {"JoinColumns": ["email"], "ListColumns": ["age"]}}}
    yield _Resource(
        types.CONFIGURED_TABLE,
        _identifier(number),
        {
            "Name": name,
            "AllowedColumns": ["email", "age"],
            "AnalysisMethod": "DIRECT_QUERY",
            "AnalysisRules": [{"Type": "LIST", "Policy": policy}],
            "TableReference": table,
        },
        {"analysisRuleTypes": ["LIST"]},
    )
    association = _in_membership(
        types.CONFIGURED_TABLE_ASSOCIATION,
        number,
        ConfiguredTableIdentifier=_identifier(number),
        RoleArn=ROLE,
    )
    association.members["configuredTableId"] = _identifier(number)
    yield association
    yield _template(number)


def _template(number: int) -> _Resource:
    source = {"Text": "SELECT 1"}
    return _in_membership(types.ANALYSIS_TEMPLATE, number, Format="SQL", Source=source)


def _in_membership(type: ResourceType, number: int, **properties: Any) -> _Resource:
    name = {"MembershipIdentifier": MEMBERSHIP, "Name": f"customers-{number}"}
    return _Resource(type, _identifier(number), {**name, **properties}, {**_IN_COLLABORATION})


def _identifier(number: int) -> str:
    return f"a1b2c3d4-5678-90ab-cdef-{number:012}"


def _arn(service: str, path: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{path}"


def _path(type: ResourceType) -> str:
    """Return the part of the URL for a type."""
    return _PATHS.get(type, f"{type.path}s")


_PATHS = {
    types.SCHEMA_MAPPING: "schemas",
    types.CONFIGURED_TABLE: "configuredTables",
    types.CONFIGURED_TABLE_ASSOCIATION: "configuredTableAssociations",
    types.INTERMEDIATE_TABLE: "intermediateTables",
}


def _described(one: _Resource) -> dict[str, Any]:
    """Return a resource as its service describes it, with the members of the summary too."""
    identifier = {one.type.identifier: one.identifier, one.type.arn: one.arn}
    described: dict[str, Any] = _as_members(one.properties)
    return {**described, **identifier, **one.members}


def _as_members(value: Any) -> Any:
    if isinstance(value, dict):
        return {_first_lower(key): _as_members(item) for key, item in value.items()}
    return [*map(_as_members, value)] if isinstance(value, list) else value


def _first_lower(name: str) -> str:
    return name[0].lower() + name[1:]


if __name__ == "__main__":
    parser = ArgumentParser("python -m dev.benchmarks.export")
    parser.add_argument("count", type=int, help="the number of resources")
    parser.add_argument("--on-page", type=int, default=20, help="the items on a page")
    parser.add_argument("--delay", type=float, default=0, help="the seconds before each answer")
    parser.add_argument("--read", action="store_true", help="do not print the app")
    parser.add_argument("--one-by-one", action="store_true", help="the same, without threads")
    options = parser.parse_args()
    together = 1 if options.one_by_one else LIMIT if options.read else None
    measured = export(
        options.count, on_page=options.on_page, delay=options.delay, side_by_side=together
    )
    sys.stdout.write(
        f"{measured.requests.total()} requests in {measured.seconds_of_requests:.2f} s;"
        f" {measured.seconds:.2f} s in all\n"
    )
