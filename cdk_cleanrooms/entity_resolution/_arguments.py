"""Rules for arguments that several resources of Entity Resolution have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from constructs import Construct

from .._core import checks
from .._core.access import ROLE, role_arn, role_problems
from .._core.validation import Problem, Rule

_WORDS_LIMIT = 255
_DESCRIPTION_LIMIT = 255
# CloudFormation accepts a tab here; the API does not.
_WORDS = re.compile(r"[\w -]+", re.ASCII)


@checks.text("the description, a string")
def description_rule(value: str) -> Iterator[checks.Fault]:
    """Check the description of a resource of Entity Resolution."""
    yield from checks.length("Description", value, 0, _DESCRIPTION_LIMIT)
    yield from checks.characters(
        "Description", value, checks.LONE_SURROGATE, "characters that UTF-8 can encode"
    )


def words(expected: str) -> Rule:
    """Return a rule for the name of a field, of a match key or of a rule.

    Args:
        expected: What to write if the value is not text.

    Returns:
        The rule.
    """

    @checks.text(expected)
    def rule(value: str) -> Iterator[checks.Fault]:
        yield from checks.length("Name", value, 1, _WORDS_LIMIT)
        if value and not _WORDS.fullmatch(value):
            message = "has characters other than letters, digits, underscores, hyphens and spaces"
            yield "NameCharacters", message

    return rule


def role_rule(property: str, value: Any, scope: Construct) -> Iterator[Problem]:
    """Check a role that may be given, as a construct or its ARN."""
    yield from checks.optional(role_arn)(property, ROLE.read(value))
    yield from role_problems(property, value, scope)
