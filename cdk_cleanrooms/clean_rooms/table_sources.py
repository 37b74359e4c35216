"""Where the data of a configured table is: AWS Glue, Amazon Athena or Snowflake."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, NamedTuple, TypeAlias

import aws_cdk
from aws_cdk import Fn
from aws_cdk.aws_cleanrooms import CfnConfiguredTable
from aws_cdk.interfaces.aws_athena import IWorkGroupRef
from aws_cdk.interfaces.aws_glue import ITableRef
from aws_cdk.interfaces.aws_kms import IKeyRef
from aws_cdk.interfaces.aws_s3 import IBucketRef
from aws_cdk.interfaces.aws_secretsmanager import ISecretRef
from constructs import Construct

from .._core import access, checks
from .._core.access import (
    BUCKET,
    KEY,
    bucket_name,
    key_arn,
    key_of_data_problems,
    location_problems,
)
from .._core.construct_checks import (
    elsewhere,
    in_stack,
    is_construct,
    literal_place,
    other_region,
    place_of,
)
from .._core.environment import Environment, environment_of, facts_of_scope
from .._core.references import Reference
from .._core.validation import Problem, Rule
from . import values
from .analysis_rules import column

WORK_GROUP = Reference("work_group_ref", "work_group_name", "ref")
_NAME_LIMIT = 128
_TABLE_ARN = re.compile(r"arn:aws:glue:([\w-]+):(\d{12}):table/([^/]+)/([^/]+)", re.ASCII)
_ARN_LIMIT = 2048
_SECRET_ARN_LIMIT = 256
_DATABASE = re.compile(r"[a-zA-Z0-9_](([a-zA-Z0-9_]+-)*([a-zA-Z0-9_]+))?")
_GLUE_TABLE = re.compile(r"[a-zA-Z0-9_](([a-zA-Z0-9_ ]+-)*([a-zA-Z0-9_ ]+))?")
# AWS's own pattern means the same, but some engines need very long to evaluate it.
_ATHENA_TABLE = re.compile(r"[a-zA-Z0-9_]+")
_TEXT_TYPE = re.compile("n?(var)?char|string|text", re.IGNORECASE)
_WORK_GROUP_NAME = re.compile(r"[a-zA-Z0-9._-]+")
_CATALOG_NAME = re.compile(r"[a-zA-Z0-9_-]+")
_LOCATION_LIMIT = 1024
_NOT_IN_LOCATION = re.compile("[\0-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_SNOWFLAKE_COLUMNS = range(1, 251)
_COLUMN_TYPE_LIMIT = 255
# Letters, marks, numbers, connectors, dashes and spaces.
_WORD_CATEGORIES = frozenset(
    ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Zs")
)
_REGION = re.compile(
    "af-south-1|ap-east-[12]|ap-northeast-[1-3]|ap-south-[12]|ap-southeast-[12457]"
    "|ca-(central|west)-1|eu-(central|south)-[12]|eu-north-1|eu-west-[1-3]|il-central-1"
    "|m[ex]-central-1|me-south-1|sa-east-1|us-(east|west)-[12]"
)


@dataclass(frozen=True, kw_only=True)
class GlueTable:
    """A table of AWS Glue with data in Amazon S3. The configured table checks the values.

    Attributes:
        table: The table, as a construct such as `CfnTable` or `S3Table`, or its ARN,
            `arn:aws:glue:<region>:<account>:table/<database>/<table>`.
        bucket: The S3 bucket with the data, as a construct or its name. An association needs it to
            create a role. By default that of the location of the table, if the table is a construct
            whose location is known.
        prefix: The prefix of the data in the bucket. By default that of the location, if the bucket
            is. Otherwise the role that is created can read the whole bucket.
        encryption_key: The KMS key that encrypts the data, as a construct or its ARN. None by
            default.
        region: The Region of the table, if it is not the stack's. By default the Region of the
            ARN, or of the stack that declares the construct.
    """

    source: ClassVar[str] = "AWS Glue"

    table: ITableRef | aws_cdk.aws_glue.ITable | str
    bucket: IBucketRef | str | None = None
    prefix: str | None = None
    encryption_key: IKeyRef | str | None = None
    region: str | None = None


@dataclass(frozen=True, kw_only=True)
class AthenaTable:
    """A table or view of Amazon Athena. The configured table checks the values.

    Attributes:
        table: The table in AWS Glue, as a construct or its ARN,
            `arn:aws:glue:<region>:<account>:table/<database>/<table>`.
        work_group: The workgroup, as a construct or its name.
        output_bucket: The S3 bucket for the results of Athena, as a construct or its name. An
            association needs it to create a role. By default that of the workgroup.
        output_prefix: The prefix of the results in the bucket. None by default.
        output_trailing_slash: Whether the location of the results ends with a slash. True by
            default. False is for a configured table that you adopt and whose location has none,
            because another location would change it.
        catalog_name: The data catalog in Athena. AWS's default is `AwsDataCatalog`.
        region: The Region of the table, if it is not the stack's. By default the Region of the
            ARN, or of the stack that declares the construct.
    """

    source: ClassVar[str] = "Amazon Athena"

    table: ITableRef | aws_cdk.aws_glue.ITable | str
    work_group: IWorkGroupRef | str
    output_bucket: IBucketRef | str | None = None
    output_prefix: str | None = None
    output_trailing_slash: bool = True
    catalog_name: str | None = None
    region: str | None = None


@dataclass(frozen=True, kw_only=True)
class SnowflakeTable:
    """A table of Snowflake. The configured table checks the values.

    Attributes:
        secret: The secret with the credentials, as a construct or its ARN. It can be in another
            account.
        account_identifier: The account in Snowflake, such as `example-prod`, 3 to 256 characters.
        database: The database, 1 to 256 characters.
        schema: The schema, 1 to 256 characters.
        table: The table, 1 to 256 characters.
        columns: The columns, 1 to 250, as a mapping of names in lowercase letters to types of
            Snowflake.
        encryption_key: The KMS key that encrypts the secret, as a construct or its ARN, for a
            secret that is given by its ARN. By default that of the secret.
    """

    source: ClassVar[str] = "Snowflake"

    secret: aws_cdk.aws_secretsmanager.ISecret | ISecretRef | str
    account_identifier: str
    database: str
    schema: str
    table: str
    columns: Mapping[str, str]
    encryption_key: IKeyRef | str | None = None


TableSource: TypeAlias = GlueTable | AthenaTable | SnowflakeTable


class TableNames(NamedTuple):
    """The names of a table of AWS Glue."""

    database: str
    table: str
    account: str | None
    """The account of the data catalog, or None for that of the stack."""
    region: str | None
    """The Region, or None for that of the stack."""


def names_of(scope: Any, table: Any) -> TableNames:
    """Return the names of a table.

    Args:
        scope: The scope of the resource that uses the table.
        table: The table, as a construct or its ARN.
    """
    known = access.GlueTable(scope, table)
    if not known.has_arn:
        return TableNames(known.database, known.name, known.catalog, known.place.region)
    arn = known.arn
    if checks.is_placeholder(arn):
        return TableNames(arn, arn, None, None)
    literal = _TABLE_ARN.fullmatch(arn)
    if literal:
        region, account, database, name = literal.groups()
        return TableNames(database, name, account, region)
    place, path = Fn.split(":", arn), Fn.split("/", arn)
    parts = Fn.select(1, path), Fn.select(2, path), Fn.select(4, place), Fn.select(3, place)
    return TableNames(*parts)


@checks.text("the ARN of a table of AWS Glue, a string, or the table as a construct")
def _table_arn(value: str) -> Iterator[checks.Fault]:
    if not _TABLE_ARN.fullmatch(value):
        yield (
            "TableArnMalformed",
            "is not the ARN of a table of AWS Glue; use"
            " 'arn:aws:glue:<region>:<account>:table/<database>/<table>', or the table as a"
            " construct",
        )
    elif len(value) > _ARN_LIMIT:
        yield "ArnLength", f"has {len(value)} characters; an ARN has at most {_ARN_LIMIT}"


_table = access.rule_for_tables(checks.can_be_split(_table_arn))


def _named(
    noun: str,
    pattern: re.Pattern[str],
    allowed: str,
    limit: int = _NAME_LIMIT,
    *,
    alternative: str = "",
) -> Rule:
    @checks.text(f"the name of the {noun}, a string{alternative}")
    def rule(value: str) -> Iterator[checks.Fault]:
        yield from checks.length("Name", value, 1, limit)
        if value and not pattern.fullmatch(value):
            message = f"is not the name of a {noun} in Clean Rooms; use {allowed}"
            yield "NameCharacters", message

    return rule


_HYPHENS = "single hyphens; a hyphen cannot be the first, second or last character"
_database = _named("database", _DATABASE, f"letters, digits, underscores and {_HYPHENS}")
_glue_table = _named("table", _GLUE_TABLE, f"letters, digits, underscores, spaces and {_HYPHENS}")
_athena_table = _named("table of Amazon Athena", _ATHENA_TABLE, "letters, digits and underscores")
_work_group = _named(
    "workgroup",
    _WORK_GROUP_NAME,
    "letters, digits, periods, underscores and hyphens",
    alternative=", or the workgroup as a construct",
)
_catalog = _named("data catalog", _CATALOG_NAME, "letters, digits, underscores and hyphens", 64)


def _table_rule(name: Rule) -> Rule:
    def rule(property: str, value: object) -> Iterator[Problem]:
        problems = [*_table(property, value)]
        yield from problems
        if not problems:
            names = names_of(value, value)
            yield from _database(property, names.database)
            yield from name(property, names.table)

    return rule


@checks.text("the Region, a string")
def _region(value: str) -> Iterator[checks.Fault]:
    if not _REGION.fullmatch(value):
        message = (
            "is not a Region in which CloudFormation accepts tables; use one such as 'eu-west-1'"
        )
        yield "RegionMalformed", message


@checks.text("the prefix, a string")
def _prefix(value: str) -> Iterator[checks.Fault]:
    yield from checks.length("Prefix", value, 0, _LOCATION_LIMIT)
    yield from checks.characters(
        "Prefix", value, _NOT_IN_LOCATION, "characters that can be seen, on one line"
    )
    if value.startswith("/"):
        yield "PrefixBeginsWithSlash", f"begins with a slash; use {value.lstrip('/')!r}"


def _words(noun: str, least: int, *, also: str = "") -> Rule:
    @checks.text(f"the {noun} in Snowflake, a string")
    def rule(value: str) -> Iterator[checks.Fault]:
        yield from checks.length("Name", value, least, 256)
        refused = sorted({each for each in value if not _is_word(each) and each not in also})
        if refused:
            yield (
                "NameCharacters",
                f"has {', '.join(map(repr, refused))}; use letters, digits, underscores,"
                f" {'hyphens, spaces and periods' if also else 'hyphens and spaces'}",
            )

    return rule


def _is_word(character: str) -> bool:
    return unicodedata.category(character) in _WORD_CATEGORIES


@checks.text("the type of the column in Snowflake, a string")
def _column_type(value: str) -> Iterator[checks.Fault]:
    yield from checks.length("ColumnType", value, 1, _COLUMN_TYPE_LIMIT)
    yield from checks.characters(
        "ColumnType", value, checks.NOT_IN_NAME, "tab and U+0020 to U+FFFD, on one line"
    )


# As in the CDK, which also cannot tell a name with such an ending from a complete ARN.
_COMPLETE_SECRET = re.compile("-[a-zA-Z0-9]{6}$")
_secret_arn = checks.arn(
    "a secret",
    "secretsmanager",
    re.compile("secret:.+"),
    "secret:<name>",
    alternative=", or the secret as a construct",
    limit=_SECRET_ARN_LIMIT,
)
_columns = values.mapping(
    column,
    _column_type,
    "a mapping of columns to types of Snowflake, such as {'order_id': 'VARCHAR'}",
    least=_SNOWFLAKE_COLUMNS[0],
    greatest=_SNOWFLAKE_COLUMNS[-1],
)


def secret_in_policies(secret: Any) -> str:
    """Return the ARN of a secret for policies, which need the characters that AWS adds to a name.

    Args:
        secret: The secret, as a construct or its ARN.
    """
    arn = secret_arn(secret)
    full = getattr(secret, "secret_full_arn", arn)
    if full is None or (checks.is_known(full) and not _COMPLETE_SECRET.search(full)):
        return f"{arn}-??????"
    return arn


def _key_rule(source: GlueTable | SnowflakeTable) -> Rule:
    def rule(property: str, value: object) -> Iterator[Problem]:
        yield from checks.optional(key_arn)(property, KEY.read(value))
        if isinstance(source, GlueTable):
            yield from key_of_data_problems(property, value, source.bucket)
        else:
            region = place_of(secret_arn(source.secret)).region or place_of(source.secret).region
            reason = "a KMS key can only encrypt secrets"
            yield from other_region(property, value, region, "the secret", reason)

    return rule


def _region_of(scope: Construct, source: AthenaTable) -> str | None:
    """Return the Region of a table, if it is known."""
    region = source.region or place_of(source.table).region
    return region or (environment_of(scope).region if in_stack(scope) else None)


def _work_group_rule(scope: Construct, source: AthenaTable) -> Rule:
    def rule(property: str, value: object) -> Iterator[Problem]:
        yield from _work_group(property, WORK_GROUP.read(value))
        if is_construct(value):
            reason = "a configured table can only use workgroups"
            yield from elsewhere(property, value, scope, reason, region=False)
            region, reason = _region_of(scope, source), "a table can only be queried in a workgroup"
            yield from other_region(property, value, region, "the table", reason)

    return rule


def _output_bucket_rule(scope: Construct, source: AthenaTable) -> Rule:
    def rule(property: str, value: object) -> Iterator[Problem]:
        yield from checks.optional(bucket_name)(property, BUCKET.read(value))
        if is_construct(value):
            region = _region_of(scope, source)
            reason = "Amazon Athena can only write results to a bucket"
            yield from other_region(property, value, region, "the table", reason)

    return rule


def secret_arn(secret: Any) -> str:
    """Return the ARN of a secret, given as a construct or its ARN."""
    if isinstance(secret, (str, type)) or secret is None:
        return secret  # type: ignore[return-value]
    # `Ref` of an L1 is its ARN.
    for name in ("ref", "secret_arn"):
        if hasattr(secret, name):
            return str(getattr(secret, name))
    # The CDK's reference has an ID, which is the ARN or the name, as the user has given it.
    reference = getattr(secret, "secret_ref", None)
    return secret if reference is None else reference.secret_id  # type: ignore[no-any-return]


def source_rule(scope: Construct) -> Rule:
    """Return a rule for where the data of a configured table is.

    Args:
        scope: The scope of the configured table.
    """
    return partial(_source_problems, scope)


def _source_problems(scope: Construct, property: str, value: object) -> Iterator[Problem]:
    if isinstance(value, GlueTable):
        triples: list[tuple[str, object, Rule]] = [
            ("table", value.table, _table_rule(_glue_table)),
            ("bucket", BUCKET.read(value.bucket), checks.optional(bucket_name)),
            ("prefix", value.prefix, checks.optional(_prefix)),
            ("encryption_key", value.encryption_key, _key_rule(value)),
            ("region", value.region, checks.optional(_region)),
        ]
    elif isinstance(value, AthenaTable):
        triples = [
            ("table", value.table, _table_rule(_athena_table)),
            ("work_group", value.work_group, _work_group_rule(scope, value)),
            ("output_bucket", value.output_bucket, _output_bucket_rule(scope, value)),
            ("output_prefix", value.output_prefix, checks.optional(_prefix)),
            ("output_trailing_slash", value.output_trailing_slash, checks.flag),
            ("catalog_name", value.catalog_name, checks.optional(_catalog)),
            ("region", value.region, checks.optional(_region)),
        ]
    elif isinstance(value, SnowflakeTable):
        triples = [
            ("secret", secret_arn(value.secret), _secret_arn),
            ("account_identifier", value.account_identifier, _words("account", 3, also=".")),
            ("database", value.database, _words("database", 1)),
            ("schema", value.schema, _words("schema", 1)),
            ("table", value.table, _words("table", 1)),
            ("columns", value.columns, _columns),
            ("encryption_key", value.encryption_key, _key_rule(value)),
        ]
    else:
        expected = "a GlueTable, an AthenaTable or a SnowflakeTable, such as GlueTable(table=…)"
        yield checks.wrong_type(property, value, expected)
        return
    yield from values.parts(property, "its ", *triples)
    if isinstance(value, AthenaTable) and value.output_bucket is None:
        in_bucket = {
            "output_prefix": value.output_prefix,
            "output_trailing_slash": value.output_trailing_slash,
        }
        for name, given in in_bucket.items():
            if given not in (None, "", True):
                message = f"its {name} needs a bucket; pass output_bucket, or leave it out"
                yield Problem(property, given, message, "OutputBucketMissing")
    elif isinstance(value, AthenaTable):
        location = _output_location(value)
        prefix = value.output_prefix
        if location and prefix and len(prefix) <= _LOCATION_LIMIT < len(location):
            message = (
                f"its output_prefix makes {checks.excerpt(location)}, which has {len(location)}"
                f" characters; use a prefix with which it has at most {_LOCATION_LIMIT}"
            )
            yield Problem(property, prefix, message, "PrefixLength")


def _output_location(source: AthenaTable) -> str | None:
    bucket, prefix = BUCKET.read(source.output_bucket), source.output_prefix
    if not isinstance(bucket, str) or not isinstance(prefix, (str, type(None))):
        return None
    return access.url(bucket, prefix, trailing_slash=source.output_trailing_slash)


def data_problems(
    scope: Construct, source: object, allowed_columns: Any
) -> Iterator[tuple[Problem, bool]]:
    """Yield how a table contradicts what the app says about its data, and whether for certain.

    Args:
        scope: The scope of the configured table.
        source: Where the data is.
        allowed_columns: The columns that collaborations can use.
    """
    if isinstance(source, SnowflakeTable):
        names = values.known_texts(source.columns)
        if isinstance(source.columns, Mapping) and len(names) == len(source.columns):
            for problem in _unknown_columns(allowed_columns, names):
                # AWS documents no check of this.
                yield problem, False
        return
    if not isinstance(source, (GlueTable, AthenaTable)) or any(_table("table", source.table)):
        return
    table = access.GlueTable(scope, source.table)
    if isinstance(source, GlueTable) or source.catalog_name is None:
        # The catalog of the account can have a link of the same name to the table.
        for problem in elsewhere(
            "table",
            source.table,
            scope,
            "Clean Rooms looks for the table in the data catalog",
            region=False,
            place=literal_place(Environment(table.catalog, None)),
        ):
            yield problem, False
    if isinstance(source, GlueTable):
        yield from location_problems("table", "", table, source.bucket, source.prefix)
    # AWS Glue stores the names of columns in lowercase letters.
    for problem in _unknown_columns(
        allowed_columns, [each.lower() for each in table.columns or ()]
    ):
        yield problem, table.names_all_columns


def _unknown_columns(allowed: object, columns: Sequence[str]) -> Iterator[Problem]:
    """Yield the allowed columns that are not among those of the table, if these are known."""
    for name in values.known_texts(allowed) if columns else ():
        if name.lower() not in columns:
            closest = checks.closest_to(name, columns)
            advice = f"use {closest!r}" if closest else "use one of those, or add it to the table"
            message = (
                f"{name!r} is not a column of the table, whose columns are"
                f" {', '.join(map(repr, columns))}; {advice}"
            )
            yield Problem("allowed_columns", name, message, "ColumnNotInTable")


def identity_problems(property: str, source: object, column: object) -> Iterator[Problem]:
    """Yield that the column that identifies people is certainly not text.

    Args:
        property: The name of the argument with the rule that names the column.
        source: Where the data is.
        column: The name of the column.
    """
    types: Any = None
    if isinstance(source, SnowflakeTable):
        types = source.columns
    elif isinstance(source, (GlueTable, AthenaTable)) and not any(_table("", source.table)):
        table: Any = source.table
        types = access.GlueTable(table, table).column_types
    for name, type in types.items() if isinstance(types, Mapping) else ():
        is_known = isinstance(type, str) and checks.is_known(type)
        if str(name).lower() == column and is_known and not _TEXT_TYPE.match(type):
            message = (
                f"its aggregation_threshold has the identity_column {column!r}, whose type in the"
                f" table is {checks.excerpt(type)}; use a column of the type string, varchar or"
                " char"
            )
            yield Problem(property, column, message, "IdentityColumnType")


def cfn_reference(
    scope: Construct, source: TableSource
) -> CfnConfiguredTable.TableReferenceProperty:
    """Return a source without problems for an L1."""
    l1 = CfnConfiguredTable
    if isinstance(source, SnowflakeTable):
        return l1.TableReferenceProperty(
            snowflake=l1.SnowflakeTableReferenceProperty(
                secret_arn=secret_arn(source.secret),
                account_identifier=source.account_identifier,
                database_name=source.database,
                schema_name=source.schema,
                table_name=source.table,
                table_schema=l1.SnowflakeTableSchemaProperty(
                    v1=[
                        l1.SnowflakeTableSchemaV1Property(column_name=name, column_type=type)
                        for name, type in source.columns.items()
                    ]
                ),
            )
        )
    names = names_of(scope, source.table)
    region = source.region
    if region is None and names.region != facts_of_scope(scope).environment.region:
        region = names.region
    if isinstance(source, GlueTable):
        return l1.TableReferenceProperty(
            glue=l1.GlueTableReferenceProperty(
                database_name=names.database, table_name=names.table, region=region
            )
        )
    return l1.TableReferenceProperty(
        athena=l1.AthenaTableReferenceProperty(
            database_name=names.database,
            table_name=names.table,
            work_group=WORK_GROUP.read(source.work_group),
            output_location=_output_location(source),
            catalog_name=source.catalog_name,
            region=region,
        )
    )
