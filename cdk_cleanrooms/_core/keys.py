"""KMS keys as arguments."""

from __future__ import annotations

import re

from . import rules
from .references import Reference

KEY_IN_ARN = re.compile("key/[a-zA-Z0-9-]+")
KEY = Reference("key_ref", "key_arn", "attr_arn")

key_arn = rules.arn(
    "a KMS key",
    "kms",
    KEY_IN_ARN,
    "key/<key ID>",
    alternative=", or the key as a construct",
    limit=2048,
)
"""Check the ARN of a key."""
