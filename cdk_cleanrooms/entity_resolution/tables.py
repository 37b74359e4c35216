"""The data of Entity Resolution: tables to read, locations to write, and the role for both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import aws_cdk
from aws_cdk import Annotations
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
    data_of,
    has_wildcard,
    key_arn,
    key_of_data_problems,
    key_problems,
    key_statements,
    location_problems,
    object_statements,
    role_for,
    table_rule,
    table_statements,
    url,
    warn_of_results_among_sources,
)
from .._core.construct_checks import elsewhere
from .._core.facts import facts_about
from .._core.validation import Problem, Rule
from ._schemas import SchemaFacts, schema_rule

_PRINCIPAL = "entityresolution.amazonaws.com"
_INPUT_LIMIT = 20
# Of the whole path, with the bucket.
_PATH_LIMIT = 1024
_NOT_IN_PREFIX = re.compile("[\n\r\x85\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class TableInput:
    """A table of AWS Glue that Entity Resolution reads. The resource checks the values.

    Attributes:
        table: The table, as a construct such as `CfnTable` or `S3Table`, or its ARN.
        schema_mapping: The schema mapping that describes the columns, as a construct such as
            `SchemaMapping`, or its name or ARN.
        bucket: The S3 bucket that contains the data of the table, as a construct or its name. By
            default that of the table's location, if the app declares the table. Required
            otherwise, unless you pass a role. A bucket of another account has to be a construct
            that says so, and its policy has to allow the role.
        prefix: The prefix of the data in the bucket. By default that of the table's location, if
            the app declares the table; otherwise the role that is created can read the whole
            bucket.
        encryption_key: The KMS key that encrypts the data, as a construct or its ARN. By default
            the key of the bucket, if the bucket is a construct that has one. The policy of a key
            of another account has to allow the role too.
        apply_normalization: Whether the values are normalized before they are compared; only for
            matching workflows. AWS's default is True.
    """

    table: ITableRef | aws_cdk.aws_glue.ITable | str
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
    trailing_slash: bool = True


@dataclass(frozen=True, kw_only=True)
class WorkflowOutput(AnyOutput):
    """Where a workflow writes. The workflow checks the values.

    Attributes:
        bucket: The S3 bucket, as a construct or its name, in the account and Region of the stack.
        prefix: The prefix of the keys. The role that is created can write below it, and nowhere
            else. None by default, for the whole bucket.
        encryption_key: The KMS key that encrypts the output, as a construct or its ARN. By default
            the key of the bucket, if the bucket is a construct that has one.
        trailing_slash: Whether the path ends with a slash. True by default. False is for a workflow
            that you adopt and whose path has none, because another path would change it.
    """


@dataclass(frozen=True, kw_only=True)
class MatchingWorkflowOutput(AnyOutput):
    """The columns that a matching workflow writes, and where. The workflow checks the values.

    Attributes:
        bucket: The S3 bucket, as a construct or its name, in the account and Region of the stack.
        prefix: The prefix of the keys. The role that is created can write below it, and nowhere
            else. None by default, for the whole bucket.
        encryption_key: The KMS key that encrypts the output, as a construct or its ARN. By default
            the key of the bucket, if the bucket is a construct that has one.
        trailing_slash: Whether the path ends with a slash. True by default. False is for a workflow
            that you adopt and whose path has none, because another path would change it.
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


def _location_rules(
    scope: Construct, value: TableInput | AnyOutput
) -> Iterator[tuple[str, object, Rule]]:
    is_input = isinstance(value, TableInput)

    def bucket(property: str, given: object) -> Iterator[Problem]:
        name = BUCKET.read(given)
        yield from (checks.optional(bucket_name) if is_input else bucket_name)(property, name)
        if not is_input and BUCKET.accepts(given):
            reason = "a workflow only writes to a bucket"
            yield from elsewhere(property, given, scope, reason)

    def key(property: str, given: object) -> Iterator[Problem]:
        yield from checks.optional(key_arn)(property, KEY.read(given))
        # A key is in the Region of the data. An input can be in another one than the stack.
        if is_input:
            yield from key_of_data_problems(property, given, value.bucket)
        elif given is not None:
            yield from key_problems(property, given, scope)

    yield "bucket", value.bucket, bucket
    yield "prefix", value.prefix, checks.optional(_prefix)
    yield "encryption_key", value.encryption_key, key


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
    length = len(url(bucket, value.prefix, trailing_slash=value.trailing_slash))
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
    property: str,
    value: object,
    *,
    scope: Construct,
    position: int | None,
    role_is_given: bool,
    expected: str,
) -> Iterator[Problem]:
    """Yield what is wrong with one table that is read.

    Args:
        property: The name of the argument.
        value: The table.
        scope: The scope of the resource that reads it.
        position: Its position in a list of tables, if it is in one.
        role_is_given: Whether a role is given, so that none has to be created.
        expected: What to write if the value is of another class.

    Yields:
        The problems.
    """
    if not isinstance(value, TableInput):
        yield checks.wrong_type(property, value, expected)
        return
    where = "" if position is None else f"item {position}: "

    def schema(property: str, given: object) -> Iterator[Problem]:
        problems = [*schema_rule(property, given)]
        yield from problems
        if not problems:
            reason = "Entity Resolution only uses schema mappings"
            yield from elsewhere(property, given, scope, reason)

    table_problems = [*table_rule(property, value.table)]
    parts: list[tuple[str, object, Rule]] = [
        ("table", value.table, lambda *_: iter(table_problems)),
        ("schema_mapping", value.schema_mapping, schema),
        *_location_rules(scope, value),
        ("apply_normalization", value.apply_normalization, checks.optional(checks.boolean)),
    ]
    yield from _part_problems(property, where, parts)
    table = None if table_problems else GlueTable(scope, value.table)
    if table is not None and table.names_all_columns:
        for field, message in _column_faults(table, value.schema_mapping):
            yield Problem(property, field, f"{where}{message}", "FieldNotInTable")
    if role_is_given:
        return
    yield from _wildcard_problems(property, where, value)
    if table is not None:
        for problem, is_certain in location_problems(
            property, where, table, value.bucket, value.prefix
        ):
            if is_certain:
                yield problem
    if value.bucket is None and (table is None or table.bucket is None):
        message = (
            f"{where}the role that is created has to read the data of the table; pass the bucket"
            " that it is in, or a role"
        )
        yield Problem(property, value.bucket, message, "BucketMissing")


def _column_faults(table: GlueTable, schema_mapping: object) -> Iterator[tuple[str, str]]:
    """Yield the fields of a schema mapping that are no columns of the table, with a message."""
    schema = facts_about(schema_mapping, SchemaFacts)
    columns = table.columns if schema else None
    if schema is None or columns is None:
        return
    # AWS Glue stores the names of columns in lowercase letters.
    known = {each.lower() for each in columns}
    for field in schema.field_names:
        if checks.is_known(field) and field.lower() not in known:
            closest = checks.closest_to(field, columns)
            advice = f"use {closest!r}" if closest else "use one of those, or add it to the table"
            message = (
                f"its schema_mapping has the field {field!r}, and the columns of the table are"
                f" {', '.join(map(repr, columns))}; {advice}"
            )
            yield field, message


def input_count_problems(property: str, value: object) -> Iterator[Problem]:
    """Yield what is wrong with a list of inputs as a whole."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        yield checks.wrong_type(property, value, "a list, such as [TableInput(…)]")
    elif not 1 <= len(value) <= _INPUT_LIMIT:
        message = f"there are {len(value)} inputs; use 1 to {_INPUT_LIMIT}"
        yield Problem(property, value, message, "InputCount")


def table_inputs_rule(scope: Construct, *, role_is_given: bool) -> Rule:
    """Return a rule for a list of tables that are read.

    Args:
        scope: The scope of the resource that reads them.
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
                    scope=scope,
                    position=position,
                    role_is_given=role_is_given,
                    expected="TableInput(table=…, schema_mapping=…, bucket=…)",
                )

    return rule


def output_rule(scope: Construct, kind: type[AnyOutput], *, role_is_given: bool) -> Rule:
    """Return a rule for where a workflow writes.

    Args:
        scope: The scope of the workflow.
        kind: The class that the value has to be of.
        role_is_given: Whether a role is given, so that none has to be created.

    Returns:
        The rule.
    """

    def rule(property: str, value: object) -> Iterator[Problem]:
        if not isinstance(value, kind):
            yield checks.wrong_type(property, value, f"{kind.__name__}(bucket=…)")
            return
        slash = ("trailing_slash", value.trailing_slash, checks.flag)
        yield from _part_problems(property, "", [*_location_rules(scope, value), slash])
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
    can_use_registry: bool


class MatchingFacts(NamedTuple):
    """The facts about a matching workflow of this app."""

    tables: Sequence[Table]
    rules: Mapping[str, Sequence[str]] | None
    attribute_matching_model: str


def output_location(scope: Construct, value: AnyOutput) -> Location:
    """Return the location that an output names, whose values have been checked."""
    slash = value.trailing_slash
    return Location(scope, value.bucket, value.prefix, value.encryption_key, trailing_slash=slash)


def table_of(scope: Construct, value: TableInput) -> Table:
    """Return the facts about a table. Its values must have been checked."""
    table = GlueTable(scope, value.table)
    data = data_of(scope, value.table, value.bucket, value.prefix, value.encryption_key)
    return Table(table.arn, table.l1, value.schema_mapping, data, table.can_use_registry)


def warn_of_data(
    construct: Construct,
    inputs: Iterable[object],
    tables: Iterable[Table],
    output: Location | None = None,
    *,
    role_is_given: bool,
) -> None:
    """Warn of what is probably wrong with the data of a resource.

    Args:
        construct: The construct of the resource.
        inputs: Its inputs, of which those that are tables are considered.
        tables: The tables that it reads.
        output: Where it writes.
        role_is_given: Whether a role is given, so that none has to be created.
    """
    for value in inputs:
        if isinstance(value, TableInput):
            table = GlueTable(construct, value.table)
            if not table.names_all_columns:
                faults = _column_faults(table, value.schema_mapping)
                for _, message in faults:
                    Annotations.of(construct).add_warning_v2(
                        "cdk-cleanrooms:fieldNotInTable", _uncertain(value, message)
                    )
            for problem, is_certain in location_problems(
                "inputs", "", table, value.bucket, value.prefix
            ):
                if not is_certain and not role_is_given:
                    Annotations.of(construct).add_warning_v2(
                        "cdk-cleanrooms:locationOutsidePrefix", _uncertain(value, problem.message)
                    )
    data = [each.location for each in tables if each.location is not None]
    for each in data if output is not None else ():
        if output is not None and output.is_in(each):
            Annotations.of(construct).add_warning_v2(
                "cdk-cleanrooms:outputAmongInputs",
                f"The output goes to {output.path}, from where this workflow also reads its input"
                f" ({each.path}), so the next run reads what this one has written. Use another"
                " prefix or bucket, or acknowledge this warning.",
            )
            break
    warn_of_results_among_sources(construct, sources=[each.bucket for each in data])


def _uncertain(value: TableInput, message: str) -> str:
    return f"For {checks.shown(value.table)}, {message}. Otherwise acknowledge this warning."


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
    yield from table_statements(
        [table.arn for table in tables],
        [table.arn for table in tables if table.can_use_registry],
    )
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
