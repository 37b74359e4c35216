"""KMS keys as arguments."""

from __future__ import annotations

import re

from . import rules
from .references import Reference

KEY = Reference("key_ref", "key_arn", "attr_arn")

key_arn = rules.arn(
    "a KMS key",
    "kms",
    re.compile("key/[a-zA-Z0-9-]+"),
    "key/<key ID>",
    alternative=", or the key as a construct",
)
"""Check the ARN of a key."""
