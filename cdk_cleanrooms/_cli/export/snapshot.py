"""What was read of a collaboration, as it is saved and printed from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, TypeVar

from ..._core import checks
from ..._core.types import BY_NAME, RESOURCE_TYPES, ResourceType
from ..aws import CommandError
from ..listing import BY_OPTION, LISTINGS

_VERSION = 1
_ORDER = {one.name: number for number, one in enumerate(RESOURCE_TYPES)}


@dataclass(frozen=True, kw_only=True)
class Found:
    """One resource in AWS.

    Attributes:
        type_name: Its type in CloudFormation.
        identifier: Its ID or name, without the ID of the membership.
        label: The text by which people recognize it.
        arn: Its ARN.
        is_unique: Whether `adopt=True` finds this resource and no other.
        members: The service's description of it; empty if it could not be read.
        properties: Its properties, as CloudFormation names them; None if they could not be read.
        tags: Its tags, without those that begin with `aws:`.
        stack: The stack that manages it, or None.
        problem: Why it could not be read, or None.
    """

    type_name: str
    identifier: str
    label: str
    arn: str
    is_unique: bool
    members: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    stack: str | None = None
    problem: str | None = None

    @property
    def type(self) -> ResourceType:
        """The type of the resource."""
        return BY_NAME[self.type_name]


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Something in the collaboration that no construct of this library can declare.

    Attributes:
        noun: What it is, such as `intermediate table`.
        name: Its name.
        identifier: Its ID or ARN.
        reason: Why it is not in the app.
    """

    noun: str
    name: str
    identifier: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A collaboration, as far as one of its members can see and manage it.

    Attributes:
        account: The account of the member.
        region: The Region.
        partition: The partition of the Region.
        collaboration: The ID of the collaboration.
        name: The name of the collaboration.
        creator: The account that created it.
        membership: The ID of the account's membership.
        resources: The resources that the account can manage.
        left_out: What exists and cannot be declared.
        unread: What could not be read, each with the reason.
        notes: What happened while it was read, and leaves no gap.
        excluded: The types that were not read on purpose, as the options name them.
    """

    account: str
    region: str
    partition: str
    collaboration: str
    name: str
    creator: str
    membership: str
    resources: tuple[Found, ...]
    left_out: tuple[LeftOut, ...] = ()
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return the snapshot as JSON text, which `from_json` reads."""
        content = {"version": _VERSION, **asdict(self.sorted())}
        return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    def sorted(self) -> Snapshot:
        """Return the same snapshot in an order that does not depend on AWS's listings."""
        return replace(
            self,
            resources=tuple(sorted(self.resources, key=_place)),
            left_out=tuple(
                sorted(self.left_out, key=lambda one: (one.noun, one.name, one.identifier))
            ),
            unread=tuple(sorted(self.unread)),
            notes=tuple(sorted(self.notes)),
            excluded=tuple(sorted({*self.excluded})),
        )

    @staticmethod
    def from_json(text: str, name: str) -> Snapshot:
        """Return a snapshot that was saved.

        Args:
            text: The JSON text.
            name: The name of the file, for messages.

        Raises:
            CommandError: If the text is not a snapshot, or was saved by another version.
        """
        try:
            content = json.loads(text)
            version = content.pop("version")
        except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
            raise CommandError(
                f"{name} is not a plan of `cdk-cleanrooms export`; use a file that --save-plan"
                " wrote"
            ) from error
        if version != _VERSION:
            raise CommandError(
                f"{name} has version {version!r} of the plan, and this version of cdk-cleanrooms"
                f" reads version {_VERSION}; save the plan again"
            )
        try:
            resources = tuple(_made(Found, one) for one in content.pop("resources"))
            left_out = tuple(_made(LeftOut, one) for one in content.pop("left_out"))
            snapshot = _made(Snapshot, {**content, "resources": resources, "left_out": left_out})
            if not _is_plausible(snapshot):
                raise ValueError("an identifier or a type in it does not exist")
            return snapshot.sorted()
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise CommandError(
                f"{name} is not a complete plan of `cdk-cleanrooms export`: {error}; save it again"
            ) from error


_Made = TypeVar("_Made", Found, LeftOut, Snapshot)


def _made(kind: type[_Made], content: Mapping[str, Any]) -> _Made:
    """Return an object with content from a file, whose types are checked."""
    values = {**content}
    for one in fields(kind):
        if one.name not in values:
            continue
        value = values[one.name]
        if one.type == "tuple[str, ...]":
            values[one.name] = value = tuple(value)
            is_right = all(isinstance(item, str) for item in value)
        else:
            is_right = isinstance(value, _TYPES[str(one.type)])
        if one.type == "Mapping[str, str]":
            is_right = is_right and all(isinstance(item, str) for item in value.values())
        if not is_right:
            raise ValueError(f"the type of its {one.name} is wrong")
    return kind(**values)


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "str": str,
    "bool": bool,
    "str | None": (str, type(None)),
    "Mapping[str, Any]": dict,
    "Mapping[str, Any] | None": (dict, type(None)),
    "Mapping[str, str]": dict,
    "tuple[Found, ...]": tuple,
    "tuple[LeftOut, ...]": tuple,
}


def _is_plausible(snapshot: Snapshot) -> bool:
    """Return whether the names in a snapshot are such that code can contain them."""
    ids = (snapshot.collaboration, snapshot.membership)
    accounts = (snapshot.account, snapshot.creator)
    return (
        all(map(checks.IDENTIFIER.fullmatch, ids))
        and all(map(checks.ACCOUNT.fullmatch, accounts))
        and {*snapshot.excluded} <= {*BY_OPTION}
        and {one.type_name for one in snapshot.resources} <= {one.name for one in LISTINGS}
    )


def _place(one: Found) -> tuple[int, str, str]:
    return _ORDER[one.type_name], one.label, one.identifier
