"""The data of Entity Resolution: tables to read, locations to write, and the role for both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from aws_cdk.interfaces.aws_entityresolution import ISchemaMappingRef
from aws_cdk.interfaces.aws_glue import ITableRef
from aws_cdk.interfaces.aws_iam import IRoleRef
from aws_cdk.interfaces.aws_kms import IKeyRef
from aws_cdk.interfaces.aws_s3 import IBucketRef
from constructs import Construct

from .._core import checks
from .._core.access import (
    BUCKET,
    KEY,
    GlueTable,
    Location,
    ServiceRole,
    Statement,
    bucket_name,
    folder,
    has_wildcard,
    key_arn,
    key_statements,
    object_statements,
    role_for,
    table_rule,
    table_statements,
)
from .._core.validation import Problem, Rule
from ._schemas import schema_rule

_PRINCIPAL = "entityresolution.amazonaws.com"
_INPUT_LIMIT = 20
# Of the whole path, with the bucket.
_PATH_LIMIT = 1024
_NOT_IN_PREFIX = re.compile("[\n\r\x85\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class TableInput:
    """A table of AWS Glue that Entity Resolution reads. The resource checks the values.

    Attributes:
        table: The table, as a construct such as `CfnTable` or a `Table` of the AWS Glue construct
            library, or its ARN.
        schema_mapping: The schema mapping that describes the columns, as a construct such as
            `SchemaMapping`, or its name or ARN.
        bucket: The S3 bucket that contains the data of the table, as a construct or its name. It
            must be in the account of the stack. Required unless you pass a role. None by default.
        prefix: The prefix of the data in the bucket. By default the role that is created can read
            the whole bucket.
        encryption_key: The KMS key that encrypts the data, as a construct or its ARN. None by
            default.
        apply_normalization: Whether the values are normalized before they are compared; only for
            matching workflows. AWS's default is True.
    """

    table: ITableRef | str
    schema_mapping: ISchemaMappingRef | str
    bucket: IBucketRef | str | None = None
    prefix: str | None = None
    encryption_key: IKeyRef | str | None = None
    apply_normalization: bool | None = None


@dataclass(frozen=True, kw_only=True)
class AnyOutput:
    """What the outputs of all workflows have in common."""

    bucket: IBucketRef | str
    prefix: str | None = None
    encryption_key: IKeyRef | str | None = None


@dataclass(frozen=True, kw_only=True)
class WorkflowOutput(AnyOutput):
    """Where a workflow writes. The workflow checks the values.

    Attributes:
        bucket: The S3 bucket, as a construct or its name, in the account of the stack.
        prefix: The prefix of the keys. The role that is created can write below it, and nowhere
            else. None by default, for the whole bucket.
        encryption_key: The KMS key that encrypts the output, as a construct or its ARN. None by
            default.
    """


@dataclass(frozen=True, kw_only=True)
class MatchingWorkflowOutput(AnyOutput):
    """The columns that a matching workflow writes, and where. The workflow checks the values.

    Attributes:
        bucket: The S3 bucket, as a construct or its name, in the account of the stack.
        prefix: The prefix of the keys. The role that is created can write below it, and nowhere
            else. None by default, for the whole bucket.
        encryption_key: The KMS key that encrypts the output, as a construct or its ARN. None by
            default.
        columns: The columns that are written, at most 750. By default all columns of the schema
            mappings. Required if a schema mapping is not a construct of this library.
        hashed_columns: The names in `columns` whose values are hashed. None by default.
        apply_normalization: Whether the normalized values are written instead of the original ones.
            AWS's default is False.
    """

    columns: Sequence[str] | None = None
    hashed_columns: Sequence[str] = ()
    apply_normalization: bool | None = None


@checks.text("the prefix, a string")
def _prefix(value: str) -> Iterator[checks.Fault]:
    yield from checks.characters(
        "Prefix", value, _NOT_IN_PREFIX, "characters that UTF-8 can encode, on one line"
    )
    if value.startswith("/"):
        yield "PrefixBeginsWithSlash", f"begins with a slash; use {value.lstrip('/')!r}"


def _location_rules(value: TableInput | AnyOutput) -> Iterator[tuple[str, object, Rule]]:
    bucket = checks.optional(bucket_name) if isinstance(value, TableInput) else bucket_name
    yield "bucket", BUCKET.read(value.bucket), bucket
    yield "prefix", value.prefix, checks.optional(_prefix)
    yield "encryption_key", KEY.read(value.encryption_key), checks.optional(key_arn)


def _part_problems(
    property: str, where: str, parts: Iterable[tuple[str, object, Rule]]
) -> Iterator[Problem]:
    for name, part, rule in parts:
        for problem in rule(property, part):
            message = f"{where}its {name}, {problem.message}"
            yield Problem(property, problem.value, message, problem.code)


def _path_problems(property: str, value: AnyOutput) -> Iterator[Problem]:
    # The name of a bucket of the app is a request, and rarely known.
    bucket = value.bucket if isinstance(value.bucket, str) else ""
    if not isinstance(value.prefix, str) or not checks.is_known(bucket + value.prefix):
        return
    length = len(f"s3://{bucket}/{folder(value.prefix)}")
    if length > _PATH_LIMIT:
        message = (
            f"bucket and prefix are a path of {length} characters; use at most {_PATH_LIMIT}, with"
            " 's3://' and the slashes"
        )
        yield Problem(property, value.prefix, message, "PathLength")


def _wildcard_problems(
    property: str, where: str, value: TableInput | AnyOutput
) -> Iterator[Problem]:
    if has_wildcard(value.prefix):
        message = (
            f"{where}its prefix, {checks.excerpt(value.prefix)} has a wildcard of IAM policies, and"
            " the role that is created would have more permissions than you want; use a prefix"
            " without * ? ${, or pass a role"
        )
        yield Problem(property, value.prefix, message, "PrefixWildcard")


def table_input_problems(
    property: str, value: object, *, position: int, role_is_given: bool, expected: str
) -> Iterator[Problem]:
    """Yield what is wrong with one table that is read."""
    if not isinstance(value, TableInput):
        yield checks.wrong_type(property, value, expected)
        return
    where = f"item {position}: "
    parts: list[tuple[str, object, Rule]] = [
        ("table", value.table, table_rule),
        ("schema_mapping", value.schema_mapping, schema_rule),
        *_location_rules(value),
        ("apply_normalization", value.apply_normalization, checks.optional(checks.boolean)),
    ]
    yield from _part_problems(property, where, parts)
    if role_is_given:
        return
    yield from _wildcard_problems(property, where, value)
    if value.bucket is None:
        message = (
            f"{where}the role that is created has to read the data of the table; pass the bucket"
            " that it is in, or a role"
        )
        yield Problem(property, value.bucket, message, "BucketMissing")


def input_count_problems(property: str, value: object) -> Iterator[Problem]:
    """Yield what is wrong with a list of inputs as a whole."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        yield checks.wrong_type(property, value, "a list, such as [TableInput(…)]")
    elif not 1 <= len(value) <= _INPUT_LIMIT:
        message = f"there are {len(value)} inputs; use 1 to {_INPUT_LIMIT}"
        yield Problem(property, value, message, "InputCount")


def table_inputs_rule(*, role_is_given: bool) -> Rule:
    """Return a rule for a list of tables that are read.

    Args:
        role_is_given: Whether a role is given, so that none has to be created.

    Returns:
        The rule.
    """

    def rule(property: str, value: object) -> Iterator[Problem]:
        problems = [*input_count_problems(property, value)]
        yield from problems
        if isinstance(value, Sequence) and not isinstance(value, str):
            for position, item in enumerate(value, start=1):
                yield from table_input_problems(
                    property,
                    item,
                    position=position,
                    role_is_given=role_is_given,
                    expected="TableInput(table=…, schema_mapping=…, bucket=…)",
                )

    return rule


def output_rule(kind: type[AnyOutput], *, role_is_given: bool) -> Rule:
    """Return a rule for where a workflow writes.

    Args:
        kind: The class that the value has to be of.
        role_is_given: Whether a role is given, so that none has to be created.

    Returns:
        The rule.
    """

    def rule(property: str, value: object) -> Iterator[Problem]:
        if not isinstance(value, kind):
            yield checks.wrong_type(property, value, f"{kind.__name__}(bucket=…)")
            return
        yield from _part_problems(property, "", _location_rules(value))
        yield from _path_problems(property, value)
        if not role_is_given:
            yield from _wildcard_problems(property, "", value)

    return rule


class Table(NamedTuple):
    """A table that is read."""

    arn: str
    l1: Construct | None
    """The table's L1, if it is one. A literal name creates no dependency, so one is added."""
    schema_mapping: Any
    location: Location | None


class MatchingFacts(NamedTuple):
    """The facts about a matching workflow of this app."""

    tables: Sequence[Table]
    rules: Mapping[str, Sequence[str]] | None
    attribute_matching_model: str


def output_location(scope: Construct, value: AnyOutput) -> Location:
    """Return the location that an output names, whose values have been checked."""
    return Location(scope, value.bucket, value.prefix, value.encryption_key)


def table_of(scope: Construct, value: TableInput) -> Table:
    """Return the facts about a table. Its values must have been checked."""
    table = GlueTable(scope, value.table)
    bucket = value.bucket
    place = None if bucket is None else Location(scope, bucket, value.prefix, value.encryption_key)
    return Table(table.arn, table.l1, value.schema_mapping, place)


def role_problems(tables: Iterable[Table], role: object) -> Iterator[Problem]:
    """Yield why no role can be created that reads the data of tables."""
    unknown = [table.arn for table in tables if table.location is None]
    if role is None and unknown:
        message = (
            f"the data of the table {checks.excerpt(unknown[0])} is not known, so no role can be"
            " created; pass its bucket in the TableInput, or pass role"
        )
        yield Problem("role", role, message, "RoleMissing")


def job_role(
    scope: Construct,
    role: IRoleRef | str | None,
    *,
    reads: Iterable[Table] = (),
    writes: Iterable[Location] = (),
) -> ServiceRole:
    """Return the role by which Entity Resolution works with data, and create it if none is given.

    Args:
        scope: The resource that has the role.
        role: The role, if one is given.
        reads: The tables that Entity Resolution reads.
        writes: Where it writes.

    Returns:
        The role.

    See Also:
        https://docs.aws.amazon.com/entityresolution/latest/userguide/create-workflow-job-role.html
    """
    statements = _statements([*dict.fromkeys(reads)], [*writes])
    return role_for(scope, "Role", role, service=_PRINCIPAL, statements=statements)


def l1s_of(tables: Iterable[Table]) -> list[Construct]:
    """Return the tables of the app that a resource waits for."""
    return [*dict.fromkeys(table.l1 for table in tables if table.l1 is not None)]


def _statements(tables: Sequence[Table], writes: Sequence[Location]) -> Iterator[Statement]:
    reads = [table.location for table in tables if table.location is not None]
    yield from object_statements(reads, writes)
    yield from table_statements(table.arn for table in tables)
    yield from key_statements(reads, writes)


def provider_problems(provider: Any, kind: type[Any], role: object) -> Iterator[Problem]:
    """Yield what is wrong with a provider service that is passed through.

    Args:
        provider: The provider service, if there is one.
        kind: The class of the L1 for it.
        role: The role, if one is given.
    """
    if provider is None:
        return
    if not isinstance(provider, (kind, Mapping)):
        expected = f"{kind.__qualname__}(provider_service_arn=…)"
        yield checks.wrong_type("provider", provider, expected)
    if role is None:
        message = (
            "a provider service needs permissions that are not known here; pass a role that has"
            " them"
        )
        yield Problem("role", role, message, "RoleMissing")
