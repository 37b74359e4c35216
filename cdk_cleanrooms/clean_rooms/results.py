"""The destination of results, and the role with which Clean Rooms writes them there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from aws_cdk.interfaces.aws_cleanrooms import IMembershipRef
from aws_cdk.interfaces.aws_iam import IRoleRef
from aws_cdk.interfaces.aws_kms import IKeyRef
from aws_cdk.interfaces.aws_s3 import IBucketRef
from constructs import Construct

from .._core import checks
from .._core.access import (
    BUCKET,
    KEY,
    ROLE,
    Location,
    ServiceRole,
    Statement,
    bucket_name,
    key_arn,
    key_problems,
    key_statements,
    object_statements,
    role_arn,
    role_for,
    role_problems,
)
from .._core.construct_checks import elsewhere
from .._core.environment import facts_of_scope
from .._core.in_membership import MEMBERSHIP_ARN
from .._core.resource import ArnParts
from .._core.validation import Problem, Rule
from .member import Terms
from .memberships import query_runner_rule

_PRINCIPAL = "cleanrooms.amazonaws.com"

_PREFIX = re.compile(r"[\w!.=*/-]*", re.ASCII)
_PREFIX_LIMIT = 512


class ResultFormat(StrEnum):
    """The file format of the results of a query."""

    CSV = "CSV"
    """Text with commas."""
    PARQUET = "PARQUET"
    """Apache Parquet."""


@dataclass(frozen=True, kw_only=True)
class AnyResults:
    """What the destinations of all results have in common."""

    bucket: IBucketRef | str
    prefix: str | None = None
    role: IRoleRef | str | None = None
    query_runner_membership: IMembershipRef | str | None = None
    encryption_key: IKeyRef | str | None = None


@dataclass(frozen=True, kw_only=True)
class JobResults(AnyResults):
    """The destination of the results of PySpark jobs. The membership checks the values.

    Attributes:
        bucket: The S3 bucket, as a construct or its name, in the account and Region of the
            membership.
        prefix: The prefix of the keys, at most 512 letters, digits and `! . = * / _ -`. None by
            default.
        role: The role with which Clean Rooms writes to the bucket, as a construct or its ARN. By
            default, the library creates a role that has only this permission.
        query_runner_membership: The membership of the member who can query, as a construct or its
            ARN. The created role then trusts Clean Rooms only for this membership. By default, it
            trusts Clean Rooms for all memberships of that member's account, or of any account if
            the member's account is not known.
        encryption_key: The KMS key that encrypts the results, as a construct or its ARN. The
            created role can use it. By default the key of the bucket, if the bucket is a construct
            that has one.
    """


@dataclass(frozen=True, kw_only=True)
class Results(AnyResults):
    """The destination of the results of queries. The membership checks the values.

    Attributes:
        bucket: The S3 bucket, as a construct or its name, in the account and Region of the
            membership. It must not be the bucket of the source data.
        prefix: The prefix of the keys, at most 512 letters, digits and `! . = * / _ -`. None by
            default.
        format: The file format. Apache Parquet by default.
        single_file_output: Whether the results are a single file. AWS's default is False.
        role: The role with which Clean Rooms writes to the bucket, as a construct or its ARN. By
            default, the library creates a role that has only this permission.
        query_runner_membership: The membership of the member who can query, as a construct or its
            ARN. The created role then trusts Clean Rooms only for this membership. By default, it
            trusts Clean Rooms for all memberships of that member's account, or of any account if
            the member's account is not known.
        encryption_key: The KMS key that encrypts the results, as a construct or its ARN. The
            created role can use it. By default the key of the bucket, if the bucket is a construct
            that has one.
    """

    format: ResultFormat | str = ResultFormat.PARQUET
    single_file_output: bool | None = None


@checks.text("the prefix, a string")
def _prefix(value: str) -> Iterator[checks.Fault]:
    if not _PREFIX.fullmatch(value):
        message = "is not a prefix for results; use letters, digits and ! . = * / _ -"
        yield "PrefixCharacters", message
    yield from checks.length("Prefix", value, 0, _PREFIX_LIMIT)


def clean_rooms_role_arn(property: str, value: object) -> Iterator[Problem]:
    """Check the ARN of a role, in the form that Clean Rooms accepts."""
    yield from role_arn(property, value)
    if isinstance(value, str) and "," in value:
        message = (
            f"{checks.excerpt(value)} has a comma, which Clean Rooms does not accept in the ARN of"
            " a role; use a role with another name"
        )
        yield Problem(property, value, message, "RoleArnComma")


def results_rule(scope: Construct, kind: type[AnyResults], terms: Terms | None) -> Rule:
    """Return a rule for a destination of results.

    Args:
        scope: The scope of the membership.
        kind: The required class of the value.
        terms: The terms of the collaboration, if they are known.

    Returns:
        The rule.
    """
    query_runner = query_runner_rule(scope, terms)

    def bucket(property: str, value: object) -> Iterator[Problem]:
        yield from bucket_name(property, BUCKET.read(value))
        if BUCKET.accepts(value):
            reason = "a member can only receive results in a bucket"
            yield from elsewhere(property, value, scope, reason)

    def role(property: str, value: object) -> Iterator[Problem]:
        yield from checks.optional(clean_rooms_role_arn)(property, ROLE.read(value))
        yield from role_problems(property, value, scope)

    def key(property: str, value: object) -> Iterator[Problem]:
        yield from checks.optional(key_arn)(property, KEY.read(value))
        yield from key_problems(property, value, scope)

    def rule(property: str, value: object) -> Iterator[Problem]:
        if not isinstance(value, kind):
            expected = f"{kind.__name__}(bucket=…)"
            yield checks.wrong_type(property, value, expected)
            return
        parts: list[tuple[str, object, Rule]] = [
            ("bucket", value.bucket, bucket),
            ("prefix", value.prefix, checks.optional(_prefix)),
            ("role", value.role, role),
            ("query_runner_membership", value.query_runner_membership, query_runner),
            ("encryption_key", value.encryption_key, key),
        ]
        if isinstance(value, Results):
            formats = checks.choice(*(each.value for each in ResultFormat))
            parts.append(("format", value.format, formats))
            single = checks.optional(checks.boolean)
            parts.append(("single_file_output", value.single_file_output, single))
        for name, part, part_rule in parts:
            for problem in part_rule(property, part):
                message = f"its {name}, {problem.message}"
                yield Problem(property, problem.value, message, problem.code)
        if value.role is None and isinstance(value.prefix, str) and "*" in value.prefix:
            message = (
                f"its prefix, {checks.excerpt(value.prefix)} contains a star, which is a wildcard"
                " in the policy of the created role; use a prefix without a star, or pass a role"
            )
            yield Problem(property, value.prefix, message, "PrefixWildcard")

    return rule


class Destination(NamedTuple):
    """A location, and the role with which Clean Rooms writes there."""

    bucket: str
    prefix: str | None
    role: ServiceRole


def destination(
    scope: Construct,
    id: str,
    results: AnyResults,
    *,
    query_runner_account: str | None,
    for_jobs: bool,
) -> Destination:
    """Return the destination of results, and create the role unless one is given.

    Args:
        scope: The scope of the role, a membership.
        id: The ID of the role in its scope.
        results: The destination as the user has given it.
        query_runner_account: The account of the member who can query, if it is known.
        for_jobs: Whether these are results of jobs, for which AWS documents another trust policy.

    Returns:
        The destination.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/userguide/setting-up-roles.html
    """
    role = role_for(
        scope,
        id,
        results.role,
        service=_PRINCIPAL,
        statements=_statements(scope, results, for_jobs=for_jobs),
        trust_conditions=_trust_conditions(
            scope, results, query_runner_account=query_runner_account, for_jobs=for_jobs
        ),
    )
    return Destination(BUCKET.read(results.bucket), results.prefix, role)


def _statements(scope: Construct, results: AnyResults, *, for_jobs: bool) -> Iterator[Statement]:
    place = Location(scope, results.bucket, results.prefix, results.encryption_key)
    # AWS documents one key for queries and the other for jobs. They mean the same.
    condition_key = "s3:ResourceAccount" if for_jobs else "aws:ResourceAccount"
    yield from object_statements([], [place], condition_key)
    yield from key_statements([], [place])


def _trust_conditions(
    scope: Construct,
    results: AnyResults,
    *,
    query_runner_account: str | None,
    for_jobs: bool,
) -> Iterator[Mapping[str, Any]]:
    facts = facts_of_scope(scope)
    region = facts.region
    runner_arn = f"arn:aws:cleanrooms:{region}:{query_runner_account or '*'}:membership/*"
    runner_identifier = ""
    if results.query_runner_membership is not None:
        runner_arn = MEMBERSHIP_ARN.read(results.query_runner_membership)
        runner_identifier = ArnParts(runner_arn)[1]
    receiver_arn = f"arn:aws:cleanrooms:{region}:{facts.account}:membership/*"
    external_id = f"arn:aws:*:{region}:*:dbuser:*/{runner_identifier}*"
    sources = [runner_arn, receiver_arn] if for_jobs else [runner_arn]
    if not for_jobs:
        yield {"ArnLike": {"sts:ExternalId": external_id}}
    yield {"ForAnyValue:ArnEquals": {"aws:SourceArn": list(dict.fromkeys(sources))}}
