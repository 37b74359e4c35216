"""Read a collaboration: everything in it that one account can see and manage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ..._core import types
from ..._core.types import ResourceType, snake_case
from ..arguments import member
from ..aws import Aws, CommandError, advice, advised, code_of, is_denied
from ..cloudformation import Environment
from ..listing import LISTINGS
from ..query_arguments import RULES
from ..side_by_side import Once, side_by_side
from .references import name_in, referred_by
from .snapshot import Found, LeftOut, Snapshot

_IN_MEMBERSHIP = tuple(one for one in LISTINGS if one.is_in_membership)
# The members of answers that say when something happened, and what the service counts.
_NOT_KEPT = {"createTime", "createdAt", "updateTime", "updatedAt", "tags", "hasWorkflows"}
# The service returns members and tags in any order.
_SORTED_BY = ("accountId", "AccountId", "Key")
_AWS_TAG = "aws:"
_ACTIVE = "ACTIVE"


class _Other(NamedTuple):
    """Something in a collaboration that no construct of this library declares."""

    noun: str
    service: str
    operation: str
    items: str
    name: str
    identifier: str
    reason: str
    arguments: Mapping[str, str] = {}
    of_collaboration: bool = False


_NO_CONSTRUCT = "this library has no construct for it; use the CDK's L1"
_OTHERS = (
    _Other(
        types.INTERMEDIATE_TABLE.noun,
        types.INTERMEDIATE_TABLE.service,
        types.INTERMEDIATE_TABLE.list,
        types.INTERMEDIATE_TABLE.list_items,
        "name",
        "id",
        _NO_CONSTRUCT,
    ),
    _Other(
        "configured audience model association",
        "cleanrooms",
        "list_configured_audience_model_associations",
        "configuredAudienceModelAssociationSummaries",
        "name",
        "id",
        "CloudFormation has no resource type for it",
    ),
    _Other(
        "configured model algorithm association",
        "cleanroomsml",
        "list_configured_model_algorithm_associations",
        "configuredModelAlgorithmAssociations",
        "name",
        "configuredModelAlgorithmAssociationArn",
        _NO_CONSTRUCT,
    ),
    _Other(
        "pending change request",
        "cleanrooms",
        "list_collaboration_change_requests",
        "collaborationChangeRequestSummaries",
        "id",
        "id",
        "it changes the members when it is approved and committed; then run this again",
        {"status": "PENDING"},
        of_collaboration=True,
    ),
)


class Reader:
    """Read a collaboration.

    Args:
        aws: Access to AWS.
        region: The Region.
        excluded: Resource types that are not read.
    """

    def __init__(self, aws: Aws, region: str, excluded: Iterable[ResourceType]) -> None:
        self._aws = aws
        self._excluded = {*excluded}
        with advice("sts:GetCallerIdentity"):
            self._environment = Environment(
                aws.account, region, aws.partition(region), [lambda: aws], aws.account
            )
        self._get = Once(self._describe)
        self._unread: dict[str, str] = {}
        self._notes: list[str] = []
        self._found: dict[tuple[ResourceType, str], Found] = {}

    def read(self, *, collaboration: str | None, membership: str | None) -> Snapshot:
        """Read everything of one collaboration.

        Args:
            collaboration: The ID of the collaboration, or None if `membership` is given.
            membership: The ID of the account's own membership in it.

        Returns:
            What was read.

        Raises:
            CommandError: If the collaboration or the membership cannot be read, or if the account
                has no active membership in the collaboration.
        """
        membership = membership or self._membership_in(str(collaboration))
        described = self._described(membership)
        if described["status"] != _ACTIVE:
            raise CommandError(
                f"the membership {membership} is not active, but has the status"
                f" {described['status']}; use the ID of an active one (`cdk-cleanrooms discover`"
                " lists them)"
            )
        collaboration = str(described["collaborationId"])
        creator = str(described["collaborationCreatorAccountId"])
        is_own = creator == self._environment.account
        summaries = self._in_membership(membership)
        wanted = [(types.MEMBERSHIP, membership)]
        if is_own:
            wanted.append((types.COLLABORATION, collaboration))
        wanted += self._identifiers(summaries)
        while wanted:
            new = [
                one
                for one in dict.fromkeys(wanted)
                if one not in self._found and one[0] not in self._excluded
            ]
            read = side_by_side(lambda one: self._resource(one[0], one[1], membership), new)
            gone = dict.fromkeys(new)
            for key, found in zip(new, read, strict=True):
                if found is not None:
                    self._found[key] = found
                    del gone[key]
            self._notes += [
                f"{type.noun} {identifier} was deleted while this command was running"
                for type, identifier in gone
            ]
            wanted = [
                reached
                for key in new
                if key in self._found
                for reached in self._reached(self._found[key])
            ]
        left_out = [
            one
            for found in side_by_side(
                lambda other: self._others(other, membership, collaboration), _OTHERS
            )
            for one in found
        ]
        snapshot = Snapshot(
            account=self._environment.account,
            region=self._environment.region,
            partition=self._environment.partition,
            collaboration=collaboration,
            name=str(described["collaborationName"]),
            creator=creator,
            membership=membership,
            resources=tuple(self._found.values()),
            left_out=tuple(left_out),
            unread=tuple(self._unread.values()),
            notes=tuple(self._notes),
            excluded=tuple(type.option for type in self._excluded),
        )
        return snapshot.sorted()

    def _membership_in(self, collaboration: str) -> str:
        with advice(*types.MEMBERSHIP.permissions(types.MEMBERSHIP.list)):
            found = self._environment.listed(types.MEMBERSHIP.name, None)
        for one in found:
            if one["collaborationId"] == collaboration:
                return str(one["id"])
        raise CommandError(
            f"this account has no active membership in the collaboration {collaboration}; check"
            " the ID, the profile and the Region, and join the collaboration first if this account"
            " is invited (`cdk-cleanrooms discover --invitations --format python`)"
        )

    def _described(self, membership: str) -> Mapping[str, Any]:
        """Return what Get says of the membership or, if that is not allowed, what List says."""
        type = types.MEMBERSHIP
        with advice(*type.permissions(type.get), subject=f"the {type.noun}"):
            try:
                return self._get(type, membership, None)
            except Exception as error:
                if not is_denied(error):
                    raise
                for one in self._listed_or_none(type, None):
                    if one["id"] == membership:
                        return one
                raise

    def _in_membership(self, membership: str) -> dict[ResourceType, Sequence[Mapping[str, Any]]]:
        types_to_list = [one for one in _IN_MEMBERSHIP if one not in self._excluded]

        def listed(type: ResourceType) -> Sequence[Mapping[str, Any]]:
            return self._or_unread(
                f"the {type.noun}s of the membership",
                type.permissions(type.list),
                lambda: self._environment.listed(type.name, membership),
            )

        return dict(zip(types_to_list, side_by_side(listed, types_to_list), strict=True))

    def _identifiers(
        self, summaries: Mapping[ResourceType, Sequence[Mapping[str, Any]]]
    ) -> Iterator[tuple[ResourceType, str]]:
        for type, found in summaries.items():
            for one in found:
                yield type, str(one[type.identifier])
                if type is types.CONFIGURED_TABLE_ASSOCIATION:
                    yield types.CONFIGURED_TABLE, str(one["configuredTableId"])

    def _resource(self, type: ResourceType, identifier: str, membership: str) -> Found | None:
        """Return a resource, or None if it does not exist any more."""
        parent = membership if type.is_in_membership else None
        place = f"{identifier}|{parent}" if parent else identifier
        members: dict[str, Any] = {}
        try:
            members.update(self._get(type, identifier, parent))
            for name, (operation, items) in type.further_details.items():
                further = self._aws.pages(
                    type.service,
                    operation,
                    items,
                    **{f"{snake_case(type.construct)}Identifier": identifier},
                )
                members[name] = [*further]
            properties = self._environment.live(type.name, place)
            arn = str(members[type.arn])
            tags = (
                members["tags"] if "tags" in members else self._environment.tags(type.service, arn)
            )
            manager = self._environment.manager(tags, type.name, place)
        except Exception as error:
            if code_of(error) == "ResourceNotFound":
                return None
            if not _is_answer(error):
                raise
            problem = _reason(
                error,
                *type.permissions(type.get, *(name for name, _ in type.further_details.values())),
                "cloudformation:GetResource",
                *type.permissions("list_tags_for_resource"),
                "cloudformation:ListStackResources",
            )
            return self._unreadable(type, identifier, parent, members, problem)
        if properties is None:
            return None
        if type.analysis_rules:
            rules = members[RULES] = _as_members(properties.get(type.analysis_rules, []))
            expected = {*members.get("analysisRuleTypes", ())}
            if expected != {one.get("type") for one in rules}:
                # Without a rule in the code, a deployment would remove the rule.
                problem = "CloudFormation does not show the analysis rules that the service names"
                return self._unreadable(type, identifier, parent, members, problem)
        return Found(
            type_name=type.name,
            identifier=identifier,
            label=str(members.get(type.label, identifier)),
            arn=arn,
            is_unique=self._is_unique(type, members, parent),
            members=_as_json({**members}),
            properties=_as_json(properties),
            tags={
                key: value
                for key, value in sorted(tags.items())
                if not key.lower().startswith(_AWS_TAG)
            },
            stack=manager.stack if manager else None,
        )

    def _unreadable(
        self,
        type: ResourceType,
        identifier: str,
        membership: str | None,
        members: Mapping[str, Any],
        problem: str,
    ) -> Found:
        return Found(
            type_name=type.name,
            identifier=identifier,
            label=str(members.get(type.label, identifier)),
            arn=self._arn(type, identifier, membership),
            is_unique=False,
            problem=problem,
        )

    def _describe(
        self, type: ResourceType, identifier: str, membership: str | None
    ) -> Mapping[str, Any]:
        request = {type.identifier_parameter: identifier}
        if membership:
            request["membershipIdentifier"] = membership
        answer = getattr(self._aws.client(type.service), type.get)(**request)
        answer.pop("ResponseMetadata", None)
        return type.details(answer)

    def _arn(self, type: ResourceType, identifier: str, membership: str | None) -> str:
        environment = self._environment
        parent = f"membership/{membership}/" if membership else ""
        return (
            f"arn:{environment.partition}:{type.service}:{environment.region}:"
            f"{environment.account}:{parent}{type.path}/{identifier}"
        )

    def _is_unique(
        self, type: ResourceType, members: Mapping[str, Any], membership: str | None
    ) -> bool:
        """Return whether `adopt=True` finds this resource and no other."""
        if type.is_identified_by_name:
            return True
        if type is types.MEMBERSHIP:
            # What belongs to the membership can only be adopted by its ID if the membership's own
            # ID is in the code.
            return False
        listed = self._listed_or_none(type, membership)
        numbers = Counter(_key(type, one) for one in listed)
        return numbers[_key(type, members)] == 1

    def _listed_or_none(
        self, type: ResourceType, membership: str | None
    ) -> Sequence[Mapping[str, Any]]:
        """Return the resources of a type, none if their list cannot be read."""
        return self._or_unread(
            f"the list of {type.noun}s",
            type.permissions(type.list),
            lambda: self._environment.listed(type.name, membership),
        )

    def _reached(self, found: Found) -> Iterator[tuple[ResourceType, str]]:
        """Yield the resources of Entity Resolution that a resource names."""
        for type, text in referred_by(found):
            name = name_in(text)
            is_own = text in (name, self._arn(type, name, None))
            if is_own and type.service == types.ID_NAMESPACE.service:
                yield type, name

    def _others(self, other: _Other, membership: str, collaboration: str) -> list[LeftOut]:
        client = self._aws.client(other.service, self._environment.region)
        if not hasattr(client, other.operation):  # an older version of boto3
            return []
        of = (
            {"collaborationIdentifier": collaboration}
            if other.of_collaboration
            else {"membershipIdentifier": membership}
        )
        action = "".join(map(str.capitalize, other.operation.split("_")))
        service = other.service.replace("cleanroomsml", "cleanrooms-ml")
        try:
            found = self._or_unread(
                f"the {other.noun}s of the membership",
                (f"{service}:{action}",),
                lambda: [
                    *self._aws.pages(
                        other.service, other.operation, other.items, **{**of, **other.arguments}
                    )
                ],
            )
        except Exception as error:
            is_missing = type(error).__name__ == "EndpointConnectionError"
            if not is_missing or other.service == types.MEMBERSHIP.service:
                raise
            self._notes.append(
                f"there is no {service} in this Region, so its resources are not listed"
            )
            return []
        return [
            LeftOut(
                noun=other.noun,
                name=str(one[other.name]),
                identifier=str(one[other.identifier]),
                reason=other.reason,
            )
            for one in found
        ]

    def _or_unread(
        self,
        what: str,
        permissions: Sequence[str],
        read: Callable[[], Sequence[Mapping[str, Any]]],
    ) -> Sequence[Mapping[str, Any]]:
        try:
            return read()
        except Exception as error:
            if not _is_answer(error):
                raise
            self._unread[what] = f"{what} could not be read: {_reason(error, *permissions)}"
            return ()


def _is_answer(error: Exception) -> bool:
    """Return whether AWS answered with an error, so that other requests can still succeed."""
    return bool(code_of(error))


def _reason(error: Exception, *permissions: str) -> str:
    """Return the message of an error, with the permission that is missing."""
    if not is_denied(error):
        return advised(error)
    operation = getattr(error, "operation_name", "")
    needed = [one for one in permissions if one.endswith(f":{operation}")]
    return advised(error, needed or permissions)


def _key(type: ResourceType, members: Mapping[str, Any]) -> tuple[object, ...]:
    values = [
        (match, member(members, match.member)) for match in (*type.match, *type.match_details)
    ]
    return tuple(
        value.lower() if match.ignores_case and isinstance(value, str) else value
        for match, value in values
    )


def _as_members(value: Any) -> Any:
    """Return properties with the names that the API uses, which begin with a lowercase letter."""
    if isinstance(value, Mapping):
        return {key[0].lower() + key[1:]: _as_members(item) for key, item in value.items()}
    return [_as_members(item) for item in value] if isinstance(value, list) else value


def _as_json(value: Any) -> Any:
    """Return an answer without times and tags, so that it is the same text each time."""
    if isinstance(value, Mapping):
        return {
            key: _as_json(item)
            for key, item in sorted(value.items())
            if key not in _NOT_KEPT and not isinstance(item, datetime)
        }
    if isinstance(value, list):
        items = [_as_json(item) for item in value]
        for key in _SORTED_BY:
            if all(isinstance(item, dict) and key in item for item in items):
                items.sort(key=lambda item: str(item[key]))
        return items
    return value
