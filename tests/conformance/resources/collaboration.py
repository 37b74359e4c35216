"""A collaboration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_cleanrooms._core import types
from cdk_cleanrooms._core.validation import Problem
from cdk_cleanrooms.clean_rooms.collaboration import _description
from cdk_cleanrooms.clean_rooms.member import Member, creator_rule, members_rule
from tests.resources.samples.collaboration import SAMPLE

from .. import strategies
from ..properties import NAME, TAGS, Property, Resource, identifier_of


def _creators_name(name: str, value: Any) -> Iterator[Problem]:
    return creator_rule(name, Member(display_name=value))


def _members_name(name: str, value: Any) -> Iterator[Problem]:
    return members_rule(name, [Member(account_id="444455556666", display_name=value)])


def _members_account(name: str, value: Any) -> Iterator[Problem]:
    return members_rule(name, [Member(account_id=value, display_name="B")])


RESOURCE = Resource(
    SAMPLE,
    NAME,
    Property(
        "description",
        _description,
        strategies.descriptions,
        "Description",
        kind="description of a collaboration",
    ),
    Property(
        "creator's display_name",
        _creators_name,
        strategies.names,
        "CreatorDisplayName",
        is_argument=False,
    ),
    Property(
        "member's display_name",
        _members_name,
        strategies.names,
        "Members[].DisplayName",
        is_argument=False,
    ),
    Property(
        "member's account_id",
        _members_account,
        strategies.accounts,
        "Members[].AccountId",
        is_argument=False,
    ),
    *TAGS,
    identifier_of(types.COLLABORATION),
)
