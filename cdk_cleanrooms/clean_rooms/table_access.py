"""The permissions that Clean Rooms needs to read the data of a configured table."""

from __future__ import annotations

from collections.abc import Iterator

from constructs import Construct

from .._core import checks
from .._core.access import (
    KEY,
    Location,
    Statement,
    allow,
    data_of,
    has_wildcard,
    known_key_of,
    warn_of_results_among_sources,
)
from .._core.environment import facts_of_scope
from .._core.validation import Problem
from .table_sources import (
    WORK_GROUP,
    AthenaTable,
    GlueTable,
    SnowflakeTable,
    TableSource,
    names_of,
    secret_in_policies,
)

_READ_GLUE = [
    "glue:BatchGetPartition",
    "glue:GetDatabase",
    "glue:GetDatabases",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:GetTable",
    "glue:GetTables",
]
_READ_SCHEMA = ["glue:GetSchema", "glue:GetSchemaVersion"]
_READ_GLUE_IN_ATHENA = ["glue:GetCatalog", "glue:GetDatabase", "glue:GetTable"]
_QUERY_ATHENA = [
    "athena:GetDataCatalog",
    "athena:GetQueryExecution",
    "athena:GetQueryResults",
    "athena:GetTableMetadata",
    "athena:GetWorkGroup",
    "athena:StartQueryExecution",
]
_READ_BUCKET = ["s3:GetBucketLocation", "s3:ListBucket"]
_WRITE_OBJECTS = [
    "s3:AbortMultipartUpload",
    "s3:GetObject",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
]


def warn_of_data(association: Construct, source: TableSource) -> None:
    """Warn if the results of queries go to the bucket with the data of a table.

    Args:
        association: The association of the table.
        source: The table.
    """
    data = _data_of(association, source) if isinstance(source, GlueTable) else None
    if data is not None:
        warn_of_results_among_sources(association, sources=[data.bucket])


def _data_of(scope: Construct, source: GlueTable) -> Location | None:
    return data_of(scope, source.table, source.bucket, source.prefix, source.encryption_key)


def place_problems(scope: Construct, source: TableSource) -> Iterator[Problem]:
    """Yield the reasons why no role can be created that reads the data of a table."""
    if isinstance(source, SnowflakeTable):
        return
    if isinstance(source, GlueTable):
        name = "GlueTable(bucket=…)"
        data = _data_of(scope, source)
        is_missing = data is None
        prefix = data.prefix if data is not None and source.prefix is None else source.prefix
    else:
        name = "AthenaTable(output_bucket=…)"
        is_missing, prefix = source.output_bucket is None, source.output_prefix
    if is_missing:
        message = (
            "the role that is created needs access to a bucket, and the configured table does not"
            f" name it; pass {name} there, or pass role"
        )
        yield Problem("role", None, message, "BucketMissing")
    if has_wildcard(prefix):
        message = (
            f"the prefix {checks.excerpt(prefix)} of the configured table has a wildcard of IAM"
            " policies, and the role that is created would have more permissions than you want; use"
            " a prefix without * ? ${, or pass role"
        )
        yield Problem("role", None, message, "PrefixWildcard")


def statements_for(scope: Construct, source: TableSource) -> Iterator[Statement]:
    """Yield the statements that allow Clean Rooms to read the data of a table.

    Args:
        scope: The scope of the role.
        source: The table, for which a role can be created.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/userguide/setting-up-roles.html
    """
    if isinstance(source, GlueTable):
        yield from _glue_statements(scope, source)
    elif isinstance(source, AthenaTable):
        yield from _athena_statements(scope, source)
    else:
        yield from _snowflake_statements(scope, source)


def _glue_statements(scope: Construct, source: GlueTable) -> Iterator[Statement]:
    data = _data_of(scope, source)
    assert data is not None
    of_account = {"StringEquals": {"s3:ResourceAccount": data.account}}
    place, resources = _glue_arns(scope, source)
    yield allow(_READ_GLUE, resources)
    # Which schema of the schema registry a table uses is unknown here, so the role may read all.
    yield allow(_READ_SCHEMA, [f"{place}:registry/*", f"{place}:schema/*"])
    yield allow(_READ_BUCKET, [data.bucket_arn], of_account)
    yield allow(["s3:GetObject"], [data.objects_arn], of_account)
    if data.key_arn is not None:
        yield allow(["kms:Decrypt"], [data.key_arn])


def _athena_statements(scope: Construct, source: AthenaTable) -> Iterator[Statement]:
    facts = facts_of_scope(scope)
    results = Location(scope, source.output_bucket, source.output_prefix, takes_key=False)
    of_account = {"StringEquals": {"aws:ResourceAccount": results.account}}
    glue, resources = _glue_arns(scope, source)
    athena = glue.replace(":glue:", ":athena:", 1).rpartition(":")[0] + f":{facts.account}"
    catalog = source.catalog_name or "AwsDataCatalog"
    work_group = WORK_GROUP.read(source.work_group)
    yield allow(
        _QUERY_ATHENA, [f"{athena}:workgroup/{work_group}", f"{athena}:datacatalog/{catalog}"]
    )
    yield allow(_READ_GLUE_IN_ATHENA, resources)
    yield allow(_READ_BUCKET, [results.bucket_arn], of_account)
    yield allow(_WRITE_OBJECTS, [results.objects_arn], of_account)
    if results.key_arn is not None:
        yield allow(["kms:Decrypt", "kms:GenerateDataKey"], [results.key_arn])
    # In IAM policies, the actions of Lake Formation apply to no specific resource.
    yield allow(["lakeformation:GetDataAccess"], ["*"])


def _snowflake_statements(scope: Construct, source: SnowflakeTable) -> Iterator[Statement]:
    secret = secret_in_policies(source.secret)
    yield allow(["secretsmanager:GetSecretValue"], [secret])
    key = source.encryption_key or known_key_of(scope, source.secret, "secret")
    if key is not None:
        region = secret.split(":")[3] if checks.is_known(secret) else facts_of_scope(scope).region
        yield allow(
            ["kms:Decrypt"],
            [KEY.read(key)],
            {
                "StringLike" if "?" in secret else "StringEquals": {
                    "kms:ViaService": f"secretsmanager.{region}.amazonaws.com",
                    "kms:EncryptionContext:SecretARN": secret,
                }
            },
        )


def _glue_arns(scope: Construct, source: GlueTable | AthenaTable) -> tuple[str, list[str]]:
    """Return where a table is, and the ARNs of its catalog, of its database and its own."""
    names = names_of(scope, source.table)
    facts = facts_of_scope(scope)
    region = source.region or names.region or facts.region
    place = f"arn:aws:glue:{region}:{names.account or facts.account}"
    return place, [
        f"{place}:catalog",
        f"{place}:database/{names.database}",
        f"{place}:table/{names.database}/{names.table}",
    ]
