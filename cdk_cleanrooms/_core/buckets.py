"""S3 buckets as arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import checks
from .references import Reference

BUCKET = Reference("bucket_ref", "bucket_name", "ref")
BUCKET_ARN = Reference("bucket_ref", "bucket_arn", "attr_arn")

_ARN = "arn:aws:s3:::"
_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_NAME = re.compile(rf"(?!(?:\d+\.)+\d+$){_LABEL}(?:\.{_LABEL})*", re.ASCII)
_LENGTHS = range(3, 64)


@checks.text("the name of the bucket, a string, or the bucket as a construct")
def bucket_name(value: str) -> Iterator[checks.Fault]:
    """Check the name of a bucket."""
    if value.startswith(_ARN):
        message = f"is an ARN; use the name of the bucket, {value.removeprefix(_ARN)!r}"
        yield "BucketNameIsArn", message
    elif not _NAME.fullmatch(value) or len(value) not in _LENGTHS:
        yield (
            "BucketNameMalformed",
            "is not the name of a bucket; use 3 to 63 lowercase letters, digits, periods and"
            " hyphens",
        )
