"""KMS keys as arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import checks
from .references import Reference
from .validation import Problem

KEY_IN_ARN = re.compile("key/[a-zA-Z0-9-]+")


class _KeyReference(Reference):
    """How to read one part of the reference to a key. It does not accept an alias."""

    def accepts(self, value: object) -> bool:
        return super().accepts(value) and not _is_alias(value)


KEY = _KeyReference("key_ref", "key_arn", "attr_arn")

_key_arn = checks.arn(
    "a KMS key",
    "kms",
    KEY_IN_ARN,
    "key/<key ID>",
    alternative=", or the key as a construct",
    limit=2048,
)


def key_arn(property: str, value: object) -> Iterator[Problem]:
    """Check the ARN of a key."""
    if _is_alias(value):
        message = "is an alias, and AWS accepts only keys here; use the key of the alias"
        yield Problem(property, value, f"{checks.shown(value)} {message}", "KeyIsAlias")
    else:
        yield from _key_arn(property, value)


def _is_alias(value: object) -> bool:
    # In the CDK, an alias can be used as a key, but its ARN does not identify the key.
    return not isinstance(value, (str, type)) and hasattr(value, "alias_name")
