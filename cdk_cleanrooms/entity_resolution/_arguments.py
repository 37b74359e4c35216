"""Rules for arguments that several resources of Entity Resolution have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .._core import checks
from .._core.roles import ROLE, role_arn
from .._core.validation import Problem

_WORDS_LIMIT = 255
_DESCRIPTION_LIMIT = 255
# The API admits no tab, unlike CloudFormation.
_WORDS = re.compile(r"[\w -]+", re.ASCII)


@checks.text("the description, a string")
def description_rule(value: str) -> Iterator[str]:
    """Check the description of a resource of Entity Resolution."""
    yield from checks.length(value, 0, _DESCRIPTION_LIMIT)
    yield from checks.characters(value, checks.LONE_SURROGATE, "characters that UTF-8 can encode")


def words(value: str) -> Iterator[str]:
    """Yield what is wrong with the name of a field, of a match key or of a rule."""
    yield from checks.length(value, 1, _WORDS_LIMIT)
    if value and not _WORDS.fullmatch(value):
        yield "has characters other than letters, digits, underscores, hyphens and spaces"


def role_rule(property: str, value: Any) -> Iterator[Problem]:
    """Check a role that may be given, as a construct or its ARN."""
    return checks.optional(role_arn)(property, ROLE.read(value))
