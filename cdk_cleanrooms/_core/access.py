"""Data and the permissions on it: buckets, KMS keys, Glue tables, locations and roles.

This module contains what arguments of both services have in common. The modules of a service say
what the service does with the data, and what can be omitted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

import jsii
from aws_cdk import (
    Annotations,
    Aspects,
    CfnDeletionPolicy,
    CfnResource,
    Fn,
    IAspect,
    RemovalPolicy,
    Tokenization,
)
from constructs import Construct, IConstruct, IDependable

from . import checks
from .construct_checks import elsewhere, literal_place, other_region, place_of
from .environment import Environment, facts_of_scope, same_app, stack_of
from .facts import remember
from .references import Reference
from .resource import certain_environment_of, environment_of_resource
from .validation import Problem, Rule

if TYPE_CHECKING:
    from aws_cdk.aws_iam import Policy, Role

BUCKET = Reference("bucket_ref", "bucket_name", "ref")
_BUCKET_ARN = Reference("bucket_ref", "bucket_arn", "attr_arn")
ROLE = Reference("role_ref", "role_arn", "attr_arn")

_ARN_OF_BUCKET = "arn:aws:s3:::"
_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_BUCKET_NAME = re.compile(rf"(?!(?:\d+\.)+\d+$){_LABEL}(?:\.{_LABEL})*", re.ASCII)
_BUCKET_NAME_LENGTHS = range(3, 64)
_WILDCARDS = re.compile(r"[*?]|\$\{(?!Token)")
_KEY_IN_ARN = re.compile("key/[a-zA-Z0-9-]+")
_KEY_ARN_LIMIT = 2048
_ROLE_ARN = re.compile(r"arn:aws:iam::\d{12}:role/[\w+=,./@-]+", re.ASCII)
_ROLE_ARN_LIMIT = 512
_TABLE_ARN_LIMIT = 2048
_TABLE_IN_ARN = re.compile(r"table/[\w-]{1,255}/[\w-]{1,255}", re.ASCII)
_REGION = re.compile("[a-z]{2}-[a-z]{1,10}-[0-9]")
_S3 = re.compile("s3[an]?://")
_ONLY_ITS_DATA = "a KMS key can only encrypt data"

Statement: TypeAlias = dict[str, Any]
"""A statement of a policy, as in JSON."""

_READ_BUCKET = ["s3:GetBucketLocation", "s3:ListBucket"]
_READ_TABLE = [
    "glue:BatchGetPartition",
    "glue:GetDatabase",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:GetTable",
]
# AWS lists these two actions for tables, but they apply to schemas of the schema registry. Which
# schema a table uses is unknown here, so the role may read all of them, unless it certainly uses
# none.
_READ_SCHEMA = ["glue:GetSchema", "glue:GetSchemaVersion"]


@checks.text("the name of the bucket, a string, or the bucket as a construct")
def bucket_name(value: str) -> Iterator[checks.Fault]:
    """Check the name of a bucket."""
    if value.startswith(_ARN_OF_BUCKET):
        name = value.removeprefix(_ARN_OF_BUCKET)
        yield "BucketNameIsArn", f"is an ARN; use the name of the bucket, {name!r}"
    elif not _BUCKET_NAME.fullmatch(value) or len(value) not in _BUCKET_NAME_LENGTHS:
        yield (
            "BucketNameMalformed",
            "is not the name of a bucket; use 3 to 63 lowercase letters, digits, periods and"
            " hyphens",
        )


class _KeyReference(Reference):
    """How to read one part of the reference to a key. It does not accept an alias."""

    def accepts(self, value: object) -> bool:
        return super().accepts(value) and not _is_alias(value)


KEY = _KeyReference("key_ref", "key_arn", "attr_arn")

_key_arn = checks.arn(
    "a KMS key",
    "kms",
    _KEY_IN_ARN,
    "key/<key ID>",
    alternative=", or the key as a construct",
    limit=_KEY_ARN_LIMIT,
)


def key_arn(property: str, value: object) -> Iterator[Problem]:
    """Check the ARN of a key."""
    if _is_alias(value) or _is_arn_of_alias(value):
        message = "is an alias, and AWS accepts only keys here; use the key of the alias"
        yield Problem(property, value, f"{checks.shown(value)} {message}", "KeyIsAlias")
    else:
        yield from _key_arn(property, value)


def _is_arn_of_alias(value: object) -> bool:
    # The CDK builds the ARN of an alias that it imports, with tokens before the alias.
    return isinstance(value, str) and checks.is_token(value) and ":alias/" in value


def _is_alias(value: object) -> bool:
    # In the CDK, an alias can be used as a key, but its ARN does not identify the key.
    return not isinstance(value, (str, type)) and hasattr(value, "alias_name")


@checks.text("the ARN of a role, a string, or the role as a construct")
def role_arn(value: str) -> Iterator[checks.Fault]:
    """Check the ARN of a role, which has no Region."""
    if not _ROLE_ARN.fullmatch(value):
        yield (
            "RoleArnMalformed",
            "is not the ARN of a role; use 'arn:aws:iam::<account>:role/<name>', or the role as a"
            " construct",
        )
    elif len(value) > _ROLE_ARN_LIMIT:
        message = (
            f"has {len(value)} characters; the ARN of a role has at most {_ROLE_ARN_LIMIT} here"
        )
        yield "ArnLength", message


_table_arn = checks.can_be_split(
    checks.arn(
        "a table",
        "glue",
        _TABLE_IN_ARN,
        "table/<database>/<table>",
        alternative=", or the table as a construct",
        limit=_TABLE_ARN_LIMIT,
        region=_REGION,
    )
)


def rule_for_tables(arn: Rule) -> Rule:
    """Return a rule for a table of AWS Glue, given as a construct or by its ARN.

    Args:
        arn: The rule for the ARN.
    """

    def rule(property: str, value: object) -> Iterator[Problem]:
        if _has_only_arn_and_name(value):
            yield from arn(property, cast(Any, value).table_arn)
        elif not _is_table(value):
            yield from arn(property, value)

    return rule


table_rule = rule_for_tables(_table_arn)
"""Check a table of AWS Glue, given as a construct or by its ARN."""


def _is_table(value: object) -> bool:
    # Other services have tables with a reference of the same name.
    kind = str(getattr(type(value), "__jsii_type__", ""))
    is_of_another_service = kind.startswith("aws-cdk-lib.aws_") and ".aws_glue." not in kind
    return not is_of_another_service and (
        _is_created_by_library(value) or Reference("table_ref", "", "").accepts(value)
    )


def _is_l1(table: object) -> bool:
    return hasattr(type(table), "table_input")


def _is_created_by_library(value: object) -> bool:
    """Return whether a value is a table that the app creates with the CDK's library for Glue."""
    return all(hasattr(type(value), name) for name in ("table_arn", "columns", "s3_prefix"))


def _has_only_arn_and_name(value: object) -> bool:
    """Return whether a value is a table that was imported with the CDK's library for Glue."""
    if isinstance(value, (str, type)) or hasattr(type(value), "table_ref"):
        return False
    return (
        not _is_created_by_library(value)
        and getattr(value, "table_name", None) is not None
        and getattr(value, "table_arn", None) is not None
    )


def has_wildcard(prefix: object) -> bool:
    """Return whether a prefix has a wildcard of IAM policies."""
    return isinstance(prefix, str) and _WILDCARDS.search(prefix) is not None


def folder(prefix: str | None) -> str:
    """Return a prefix with one slash at its end, or an empty text for the whole bucket."""
    return f"{prefix.rstrip('/')}/" if prefix else ""


def url(bucket: str, prefix: str | None, *, trailing_slash: bool = True) -> str:
    """Return a location as a URL of S3."""
    path = f"s3://{bucket}/{folder(prefix)}"
    return path if trailing_slash else path.removesuffix("/")


class Location:
    """A prefix of a bucket, and the key that encrypts what is there, which have been checked.

    Args:
        scope: The scope of the resource that uses the location.
        bucket: The bucket, as a construct or its name.
        prefix: The prefix of the keys. None for the whole bucket.
        key: The key, as a construct or its ARN. By default the key of the bucket, if the bucket
            is a construct that has one.
        takes_key: Whether the user can pass the key as an argument.
        trailing_slash: Whether the path ends with a slash.
    """

    def __init__(
        self,
        scope: Construct,
        bucket: Any,
        prefix: str | None = None,
        key: Any = None,
        *,
        takes_key: bool = True,
        trailing_slash: bool = True,
    ) -> None:
        self._scope = scope
        self._bucket = bucket
        self._key = key
        self._takes_key = takes_key
        self._trailing_slash = trailing_slash
        self.prefix = folder(prefix)

    @property
    def bucket(self) -> str:
        """The name of the bucket."""
        return BUCKET.read(self._bucket)

    @property
    def path(self) -> str:
        """The location as a URL of S3."""
        return url(self.bucket, self.prefix, trailing_slash=self._trailing_slash)

    @property
    def bucket_arn(self) -> str:
        """The ARN of the bucket."""
        if isinstance(self._bucket, str):
            return f"{_ARN_OF_BUCKET}{self._bucket}"
        return _BUCKET_ARN.read(self._bucket)

    @property
    def objects_arn(self) -> str:
        """The ARN of all objects there."""
        return f"{self.bucket_arn}/{self.prefix}*"

    def is_in(self, other: Location) -> bool:
        """Return whether this location is certainly inside another one."""
        return self.bucket == other.bucket and self.prefix.startswith(other.prefix)

    @cached_property
    def key_arn(self) -> str | None:
        """The ARN of the key, or None if there is no key."""
        if self._key is not None:
            return KEY.read(self._key)
        key = known_key_of(self._scope, self._construct, "bucket", takes_key=self._takes_key)
        return None if key is None else KEY.read(key)

    @cached_property
    def account(self) -> str:
        """The account of the bucket, which is that of the stack unless it is known."""
        bucket = self._construct
        known = None if bucket is None else environment_of_resource(bucket).account
        return known or facts_of_scope(self._scope).account

    @cached_property
    def _construct(self) -> Any:
        return _bucket_named(self._bucket) if isinstance(self._bucket, str) else self._bucket


_UNKNOWN = object()
_MANAGED_BY_AWS = re.compile("(.*:)?alias/aws/.*")
_KEY_ID = re.compile("(mrk-)?[0-9a-f-]{32,36}")


class _KeyOf(NamedTuple):
    """The KMS key of a resource: a construct, an ARN, None, or an object if it is not known."""

    key: Any


def known_key_of(scope: Construct, owner: Any, noun: str, *, takes_key: bool = True) -> Any:
    """Return the key that encrypts a resource, and warn if it has one that is not known.

    Args:
        scope: The construct that has a role for the resource.
        owner: The resource.
        noun: The term for the resource.
        takes_key: Whether the user can pass the key as an argument.

    Returns:
        The key, as a construct or its ARN, or None.
    """
    key = remember(owner, _KeyOf, lambda: _KeyOf(_find_key(owner))).key
    if key is not _UNKNOWN:
        return key
    advice = (
        "Pass the key as encryption_key, or acknowledge this warning if the policy of the key"
        " allows the role to use it."
        if takes_key
        else "Grant it to the property `role` of this construct, or let the policy of the key allow"
        " the role to use it, and acknowledge this warning."
    )
    Annotations.of(scope).add_warning_v2(
        "cdk-cleanrooms:keyIsNotKnown",
        f"The {noun} is encrypted with a KMS key that is only known by its alias or at deployment,"
        f" so the role that is created has no permission on the key. {advice}",
    )
    return None


def _find_key(owner: Any) -> Any:
    if hasattr(type(owner), "bucket_encryption"):
        return _key_named(owner, _key_in(owner._cfn_properties.get("bucketEncryption")))
    if hasattr(type(owner), "kms_key_id"):
        return _key_named(owner, owner.kms_key_id)
    key: Any = getattr(owner, "encryption_key", None)
    if not _is_alias(key):
        return key
    # An alias that is imported by its name does not know its key.
    with suppress(RuntimeError):
        return key.alias_target_key
    return _UNKNOWN


def _key_in(encryption: Any) -> Any:
    """Return the key in the property of an L1 of a bucket, as it was given, or None."""
    path = ("serverSideEncryptionConfiguration", 0, "serverSideEncryptionByDefault")
    with suppress(LookupError, TypeError):
        for name in (*path, "kmsMasterKeyId"):
            encryption = encryption[name]
        return encryption
    return None


def _key_named(l1: Any, key: Any) -> Any:
    """Return the key that an L1 names by its ID, its ARN or an alias."""
    if not isinstance(key, str) or _MANAGED_BY_AWS.fullmatch(key):
        return None
    if checks.is_token(key):
        target = _target_of(key)
        return target if KEY.accepts(target) else _UNKNOWN
    if _KEY_ID.fullmatch(key):
        return facts_of_scope(l1).arn("kms", "key", key)
    return key if _KEY_IN_ARN.fullmatch(key.rpartition(":")[2]) else _UNKNOWN


def _target_of(text: str) -> Any:
    """Return the construct that a text refers to, if it is nothing but one reference."""
    if not checks.is_whole_token(text):
        return None
    return getattr(Tokenization.reverse_complete_string(text), "target", None)


def _bucket_named(name: str) -> Any:
    """Return the bucket of the app whose name is a token, if it can be found."""
    l1 = _target_of(name)
    parent = None if l1 is None else l1.node.scope
    return parent if BUCKET.accepts(parent) else l1 if BUCKET.accepts(l1) else None


def _literal_name(name: str) -> str | None:
    """Return the name of a bucket, also if a bucket of the app with a literal name is meant."""
    given = name if checks.is_known(name) else getattr(_target_of(name), "bucket_name", None)
    return given if isinstance(given, str) and checks.is_known(given) else None


def role_problems(property: str, value: Any, scope: Construct) -> Iterator[Problem]:
    """Yield that a role is certainly of another account, which has no Region."""
    reason = "a service can only be passed a role"
    yield from elsewhere(property, value, scope, reason, region=False)


def key_problems(property: str, value: Any, scope: Construct) -> Iterator[Problem]:
    """Yield that a key is certainly of another Region. It can be of another account."""
    yield from elsewhere(property, value, scope, _ONLY_ITS_DATA, account=False)


def key_of_data_problems(property: str, value: Any, bucket: Any) -> Iterator[Problem]:
    """Yield that a key is certainly of another Region than the bucket with the data."""
    if value is not None and BUCKET.accepts(bucket):
        region = literal_place(certain_environment_of(bucket)).region
        yield from other_region(property, value, region, "the bucket", _ONLY_ITS_DATA)


class _Properties(dict[str, Any]):
    """The properties of the L1 of a table."""


def _is_created(bucket: Any) -> bool:
    return bucket is not None and not type(bucket).__name__.startswith("_")


class GlueTable:
    """A table of AWS Glue, as an argument whose value has been checked.

    Args:
        scope: The scope of the resource that uses the table.
        table: The table, as a construct or its ARN.
    """

    def __init__(self, scope: Construct, table: Any) -> None:
        self._scope = scope
        self._table = table

    @cached_property
    def l1(self) -> Any:
        """The L1 of a table of the app, whose name makes no dependency, or None."""
        if isinstance(self._table, str):
            return None
        if _is_l1(self._table):
            return self._table
        return self._table.node.default_child if _is_created_by_library(self._table) else None

    @cached_property
    def arn(self) -> str:
        """The ARN of the table."""
        if isinstance(self._table, str):
            return self._table
        if _is_created_by_library(self._table) or _has_only_arn_and_name(self._table):
            return str(self._table.table_arn)
        stack = stack_of(self._scope)
        assert stack is not None
        catalog, database, name = self._parts
        return stack.format_arn(
            service="glue", account=catalog, resource="table", resource_name=f"{database}/{name}"
        )

    @property
    def has_arn(self) -> bool:
        """Whether the table is given by its ARN, or as an import that has nothing else."""
        return isinstance(self._table, str) or _has_only_arn_and_name(self._table)

    @cached_property
    def place(self) -> Environment:
        """The account and Region in which the table is declared, each None if it is not known."""
        # The CDK assumes that an import by its ARN is where its stack is.
        return place_of(self.arn if self.has_arn else self._table)

    @cached_property
    def catalog(self) -> str | None:
        """The catalog, which is the ID of an account, or None for that of the stack."""
        if self.has_arn:
            return self.place.account
        catalog = self._parts[0]
        if catalog is not None and checks.is_known(catalog):
            return catalog
        # In another stack, a token for the account would be the account of that stack.
        is_elsewhere = stack_of(self._table) is not stack_of(self._scope)
        return (self.place.account if is_elsewhere else None) or catalog

    @property
    def database(self) -> str:
        """The name of the database."""
        return self._parts[1]

    @property
    def name(self) -> str:
        """The name of the table."""
        return self._parts[2]

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The names of all columns, with those of partitions, or None if they are not known."""
        return None if self.column_types is None else tuple(self.column_types)

    @cached_property
    def column_types(self) -> Mapping[str, object] | None:
        """The types of all columns by their names, or None if the names are not known."""
        columns = self._storage.get("columns")
        partitions = self._input.get("partitionKeys") or []
        if not isinstance(columns, list) or not isinstance(partitions, list):
            return None
        found = [each if isinstance(each, Mapping) else {} for each in (*columns, *partitions)]
        names = [each.get("name") for each in found]
        known = [each for each in names if isinstance(each, str) and checks.is_known(each)]
        if not known or len(known) < len(names):
            return None
        return dict(zip(known, (each.get("type") for each in found), strict=True))

    @property
    def names_all_columns(self) -> bool:
        """Whether the columns are those that the table has.

        The CDK's library for Glue refuses a table without columns, so an app may name only some.
        """
        return not _is_created_by_library(self._table)

    @property
    def can_use_registry(self) -> bool:
        """Whether the columns can be those of a schema in a schema registry."""
        return self.columns is None or "schemaReference" in self._storage

    @property
    def is_partitioned(self) -> bool:
        """Whether the table can have partitions, which can be at other locations."""
        return bool(self._input.get("partitionKeys"))

    @property
    def location(self) -> str | None:
        """The location of the data, if it is a URL of S3."""
        return self._storage.get("location") if self._place[0] else None

    @property
    def bucket(self) -> Any:
        """The bucket of the data, as a construct or its name, or None if it is not known."""
        if _is_created_by_library(self._table):
            return self._table.bucket
        return self._place[0] or None

    @property
    def prefix(self) -> str:
        """The prefix of the data in its bucket."""
        return self._place[1]

    def is_in(self, bucket: Any) -> bool:
        """Return whether the data is certainly in a bucket, a construct or a name."""
        return self._is_in(bucket) is True

    def is_certainly_not_in(self, bucket: Any) -> bool:
        """Return whether the data is certainly not in a bucket, a construct or a name."""
        return self._is_in(bucket) is False

    def _is_in(self, bucket: Any) -> bool | None:
        own, other = self._place[0], BUCKET.read(bucket)
        if not own or not isinstance(other, str):
            return None
        if own == other:
            return True
        if not checks.is_known(own) and not checks.is_known(other):
            # Two buckets that this app creates are different ones.
            buckets = [_bucket_named(own), _bucket_named(other)]
            are_others = all(map(_is_created, buckets)) and buckets[0] is not buckets[1]
            return False if are_others else None
        names = [_literal_name(own), _literal_name(other)]
        return None if None in names else names[0] == names[1]

    @cached_property
    def _place(self) -> tuple[str, str]:
        given: Any = self._storage.get("location")
        scheme = _S3.match(given) if isinstance(given, str) else None
        if scheme is None:
            return "", ""
        bucket, _, prefix = given[scheme.end() :].partition("/")
        return bucket, prefix

    @cached_property
    def _properties(self) -> Mapping[str, Any]:
        if self.l1 is None:
            return {}
        # All properties are one request, and `table_input` alone would be one for each field.
        return remember(self.l1, _Properties, lambda: _Properties(self.l1._cfn_properties))

    @cached_property
    def _input(self) -> Mapping[str, Any]:
        given = self._properties.get("tableInput")
        return given if isinstance(given, Mapping) else {}

    @cached_property
    def _storage(self) -> Mapping[str, Any]:
        given = self._input.get("storageDescriptor")
        return given if isinstance(given, Mapping) else {}

    @cached_property
    def _parts(self) -> tuple[str | None, str, str]:
        """The catalog, None for that of the account, the database and the name."""
        if self.l1 is not None:
            # The CDK's reference splits what `Ref` returns at each "|", and CloudFormation
            # documents that `Ref` returns the name alone. The deployment would fail.
            properties = self._properties
            catalog, database = properties["catalogId"], properties["databaseName"]
            return catalog, database, self._input.get("name") or self.l1.ref
        if self.has_arn:
            return None, *_database_and_name(self.arn)
        reference = self._table.table_ref
        return reference.catalog_id, reference.database_name, reference.table_name


def location_problems(
    property: str, where: str, table: GlueTable, bucket: Any, prefix: object
) -> Iterator[tuple[Problem, bool]]:
    """Yield how bucket and prefix contradict the location of a table, and whether for certain.

    Args:
        property: The name of the argument.
        where: The text before each message.
        table: The table.
        bucket: The bucket that was given, as a construct or its name, or None.
        prefix: The prefix that was given.
    """
    if bucket is not None and table.is_certainly_not_in(bucket):
        message = (
            f"{where}the location of its table is {table.location!r}, which is in another bucket"
            f" than {checks.shown(bucket)}; use the bucket of the location, or leave bucket out"
        )
        yield Problem(property, bucket, message, "LocationInOtherBucket"), True
        return
    if not table.location or not isinstance(prefix, str) or not checks.is_known(prefix):
        return
    own, given = folder(table.prefix), folder(prefix)
    if not checks.is_known(own) or own.startswith(given):
        return
    message = (
        f"{where}the location of its table is {table.location!r}, which is not inside of the"
        f" prefix {prefix!r} that the role can read; use the prefix of the location, or leave"
        " prefix out"
    )
    # A partition can be at another location than its table, and a prefix of the location can have
    # all of the data.
    is_certain = not given.startswith(own) and not table.is_partitioned
    yield Problem(property, prefix, message, "LocationOutsidePrefix"), is_certain


def data_of(
    scope: Construct, table: Any, bucket: Any, prefix: str | None, key: Any
) -> Location | None:
    """Return where the data of a table is, as far as it is known.

    Args:
        scope: The scope of the resource that uses the table.
        table: The table, as a construct or its ARN.
        bucket: The bucket. By default that of the table's own location.
        prefix: The prefix of the keys. By default that of the table's own location, if the
            location is in the bucket.
        key: The key. By default that of the bucket.

    Returns:
        The location, or None if no bucket is known.
    """
    known = GlueTable(scope, table)
    if bucket is None:
        bucket = known.bucket
        prefix = known.prefix if prefix is None else prefix
    elif prefix is None and known.is_in(bucket):
        prefix = known.prefix
    return None if bucket is None else Location(scope, bucket, prefix, key)


def _database_and_name(table_arn: str) -> tuple[str, str]:
    _, separator, path = table_arn.partition(":table/")
    if not separator:
        path = Fn.select(1, Fn.split(":table/", table_arn))
    database, slash, name = path.partition("/")
    if slash:
        return database, name
    parts = Fn.split("/", path)
    return Fn.select(0, parts), Fn.select(1, parts)


# The constructs that read source data, or write results, by bucket. They are kept for the life of
# the process, as jsii keeps the constructs themselves.
_sources: defaultdict[str, list[Construct]] = defaultdict(list)
_results: defaultdict[str, list[Construct]] = defaultdict(list)


def warn_of_results_among_sources(
    construct: Construct, *, sources: Iterable[str] = (), results: Iterable[str] = ()
) -> None:
    """Note the buckets of a construct, and warn of results in a bucket with source data.

    Args:
        construct: The construct.
        sources: The names of the buckets that it reads source data from.
        results: The names of the buckets that it writes results to.
    """
    for name in dict.fromkeys(sources):
        _sources[name].append(construct)
        for other in _results[name]:
            if _is_same_bucket(name, construct, other):
                _warn_of_results(other, construct)
    for name in dict.fromkeys(results):
        _results[name].append(construct)
        for other in _sources[name]:
            if _is_same_bucket(name, construct, other):
                _warn_of_results(construct, other)


def _is_same_bucket(name: str, one: Construct, other: Construct) -> bool:
    """Return whether a name is that of the same bucket for two constructs."""
    if stack_of(one) is stack_of(other):
        return True
    # A name with the account or Region in it is another one in another stack.
    is_one_bucket = checks.is_known(name) or _bucket_named(name) is not None
    return is_one_bucket and same_app(one, other)


def _warn_of_results(construct: Construct, source: Construct) -> None:
    Annotations.of(construct).add_warning_v2(
        "cdk-cleanrooms:resultsAmongSourceData",
        f"The results go to the bucket from which {source.node.path} reads its data, and AWS wants"
        " another bucket for results. Use another bucket, or acknowledge this warning.",
    )


def allow(
    actions: Sequence[str],
    resources: Iterable[str],
    conditions: Mapping[str, Mapping[str, object]] | None = None,
) -> Statement:
    """Return a statement that allows actions on resources, each of which it names once."""
    statement = {"Effect": "Allow", "Action": actions, "Resource": [*dict.fromkeys(resources)]}
    return statement | ({"Condition": conditions} if conditions else {})


def _if_any(
    actions: list[str], resources: list[str], conditions: dict[str, dict[str, str]] | None = None
) -> Iterator[Statement]:
    if resources:
        yield allow(actions, resources, conditions)


def object_statements(
    reads: Iterable[Location],
    writes: Iterable[Location],
    condition_key: str = "s3:ResourceAccount",
) -> Iterator[Statement]:
    """Yield the statements of a role that reads objects and writes others.

    Args:
        reads: Where the role reads.
        writes: Where the role writes.
        condition_key: The key of the condition that names the account of the buckets.

    Yields:
        The statements.
    """
    everything = [*((each, True) for each in reads), *((each, False) for each in writes)]
    accounts = dict.fromkeys(each.account for each, _ in everything)
    for account in accounts:
        read = [each for each, is_read in everything if is_read and each.account == account]
        written = [each for each, is_read in everything if not is_read and each.account == account]
        of_account = {"StringEquals": {condition_key: account}}
        yield allow(_READ_BUCKET, [each.bucket_arn for each in (*read, *written)], of_account)
        yield from _if_any(["s3:GetObject"], [each.objects_arn for each in read], of_account)
        yield from _if_any(["s3:PutObject"], [each.objects_arn for each in written], of_account)


def key_statements(reads: Iterable[Location], writes: Iterable[Location]) -> Iterator[Statement]:
    """Yield the statements of a role for the keys of what it reads and writes."""
    yield from _if_any(["kms:Decrypt"], [each.key_arn for each in reads if each.key_arn])
    yield from _if_any(
        ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
        [each.key_arn for each in writes if each.key_arn],
    )


def table_statements(table_arns: Iterable[str], with_schemas: Iterable[str]) -> Iterator[Statement]:
    """Yield the statements of a role that reads the metadata of tables.

    Args:
        table_arns: The ARNs of the tables.
        with_schemas: The ARNs of those tables that can use a schema registry.
    """
    yield from _if_any(_READ_TABLE, [each for arn in table_arns for each in _glue_arns(arn)])
    yield from _if_any(_READ_SCHEMA, [each for arn in with_schemas for each in _schema_arns(arn)])


def _catalog_arn(table_arn: str) -> str:
    before, separator, _ = table_arn.partition(":table/")
    return f"{before if separator else Fn.select(0, Fn.split(':table/', table_arn))}:catalog"


def _glue_arns(table_arn: str) -> list[str]:
    """Return the ARNs of a table, of its database and of its catalog."""
    catalog = _catalog_arn(table_arn)
    database, _ = _database_and_name(table_arn)
    return [catalog, f"{catalog.removesuffix('catalog')}database/{database}", table_arn]


def _schema_arns(table_arn: str) -> list[str]:
    """Return the ARNs of the schemas that a table can use."""
    place = _catalog_arn(table_arn).removesuffix("catalog")
    return [f"{place}registry/*", f"{place}schema/*"]


class ServiceRole(NamedTuple):
    """A role that a service assumes for a resource, given or created."""

    arn: str
    created: Role | None = None
    """The role, if it is created."""
    policy: Policy | None = None
    """The policy of a created role."""

    def apply(
        self,
        resource: CfnResource,
        *,
        waits_for: Iterable[IDependable] = (),
        removal_policy: RemovalPolicy | None = None,
    ) -> None:
        """Let a resource use the role.

        The resource waits for the policy, because a reference to a role does not. A created role
        is retained if the resource is, because the resource does not work without it.

        Args:
            resource: The resource.
            waits_for: What else the resource waits for.
            removal_policy: The removal policy of a created role, if it is not that of the
                resource.
        """
        dependencies = [*([] if self.policy is None else [self.policy]), *waits_for]
        if dependencies:
            resource.node.add_dependency(*dependencies)
        if self.created is None or self.policy is None:
            return
        if removal_policy is not None:
            self.created.apply_removal_policy(removal_policy)
            self.policy.apply_removal_policy(removal_policy)
        # After everything that changes resources, such as a removal policy that is applied later.
        Aspects.of(resource).add(_RetainedRole(self.created), priority=_READONLY)


# `AspectPriority.READONLY`, whose value would be a request each time.
_READONLY = 500
_RETENTION = {
    CfnDeletionPolicy.RETAIN: RemovalPolicy.RETAIN,
    CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
}


@jsii.implements(IAspect)
class _RetainedRole:
    """Retains a role and its policies if the resource that uses them is retained."""

    def __init__(self, role: Role) -> None:
        self._role = role

    def visit(self, node: IConstruct) -> None:
        policy = _retention(cast(CfnResource, node))
        if policy is None:
            return
        for each in self._role.node.find_all():
            if isinstance(each, CfnResource) and _retention(each) is None:
                each.apply_removal_policy(policy)


def _retention(resource: CfnResource) -> RemovalPolicy | None:
    """Return the removal policy of a resource that is retained, and otherwise None."""
    # The attribute `deletion_policy` would be two requests, the first for whether it exists.
    policy = jsii.get(resource.cfn_options, "deletionPolicy")
    return None if policy is None else _RETENTION.get(policy)


def role_for(
    scope: Construct,
    id: str,
    given: Any,
    *,
    service: str,
    statements: Iterable[Statement],
    trust_conditions: Iterable[Mapping[str, Any]] = ({},),
) -> ServiceRole:
    """Return the role that a service assumes for a resource, and create it unless one is given.

    Args:
        scope: The scope of the role, the construct of the resource.
        id: The ID of the role in its scope.
        given: The role, as a construct or its ARN, or None.
        service: The service principal.
        statements: The statements of the created role's policy, which are read only for that.
        trust_conditions: The conditions of each statement that allows the service to assume the
            role. One statement without a condition by default.

    Returns:
        The role.
    """
    if given is not None:
        return ServiceRole(ROLE.read(given))
    # Loading IAM takes time, and not every app needs it.
    from aws_cdk.aws_iam import CompositePrincipal, Policy, PolicyDocument, Role, ServicePrincipal

    principal, *others = (
        ServicePrincipal(service, conditions=conditions) for conditions in trust_conditions
    )
    role = Role(
        scope, id, assumed_by=CompositePrincipal(principal, *others) if others else principal
    )
    # Creating a `PolicyStatement` for each statement would cost a request for each.
    document = PolicyDocument.from_json({"Statement": [*statements]})
    policy = Policy(role, "Policy", document=document)
    # Only the role knows whether the app may create policies (`Role.customize_roles`). If not, it
    # reports the statements, and the policy is attached to nothing and left out of the template.
    role.attach_inline_policy(policy)
    return ServiceRole(role.role_arn, role, policy)
