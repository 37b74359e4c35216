"""What was read of a collaboration, as it is saved and printed from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ..._core.types import BY_NAME, RESOURCE_TYPES, ResourceType
from ..aws import CommandError

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
        except (ValueError, AttributeError, KeyError, TypeError) as error:
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
            resources = tuple(Found(**one) for one in content.pop("resources"))
            left_out = tuple(LeftOut(**one) for one in content.pop("left_out"))
            texts: dict[str, Any] = {name: tuple(content.pop(name)) for name in ("unread", "notes")}
            snapshot = Snapshot(resources=resources, left_out=left_out, **texts, **content)
            return replace(snapshot, resources=tuple(sorted(resources, key=_place)))
        except (TypeError, KeyError) as error:
            raise CommandError(
                f"{name} is not a complete plan of `cdk-cleanrooms export`: {error}; save it again"
            ) from error


def _place(one: Found) -> tuple[int, str, str]:
    return _ORDER[one.type_name], one.label, one.identifier
