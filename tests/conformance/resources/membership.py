"""A membership."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack

from cdk_cleanrooms._core import types
from cdk_cleanrooms.clean_rooms.results import Results, results_rule
from tests.resources.samples.membership import SAMPLE
from tests.samples import ROLE_ARN

from .. import strategies
from ..properties import TAGS, Property, Resource, identifier_of


def _of_results(part: str, values: Any, path: str) -> Property:
    good: dict[str, Any] = {"bucket": "results", "role": ROLE_ARN}
    return Property(
        f"results' {part}",
        lambda name, value: results_rule(Stack(), Results, None)(
            name, Results(**{**good, part: value})
        ),
        values,
        f"DefaultResultConfiguration.{path}",
        is_argument=False,
    )


RESOURCE = Resource(
    SAMPLE,
    _of_results("bucket", strategies.bucket_names, "OutputConfiguration.S3.Bucket"),
    _of_results("prefix", strategies.prefixes, "OutputConfiguration.S3.KeyPrefix"),
    _of_results("role", strategies.role_arns, "RoleArn"),
    *TAGS,
    identifier_of(types.MEMBERSHIP),
)
