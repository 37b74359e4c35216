"""What an analysis template runs: SQL or PySpark, and its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from aws_cdk.interfaces.aws_cleanrooms import IMembershipRef
from aws_cdk.interfaces.aws_iam import IRoleRef
from aws_cdk.interfaces.aws_s3 import IBucketRef
from constructs import Construct

from .._core import checks
from .._core.access import BUCKET, ROLE, bucket_name, role_problems
from .._core.validation import Problem, Rule
from . import values
from .memberships import query_runner_rule, terms_of
from .results import clean_rooms_role_arn

_TEXT_LIMIT = 90_000
_KEY_LIMIT = 1024
_KEY = re.compile(r"[a-zA-Z0-9!_.*'()+,/-]+")
_PARAMETER_LIMIT = 50
_PARAMETER_NAME_LIMIT = 100
_PARAMETER_NAME = re.compile(r"\w+", re.ASCII)
_DEFAULT_LIMIT = 1000


class ParameterType(StrEnum):
    """The type of a parameter of an analysis template.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_AnalysisParameter.html
    """

    SMALLINT = "SMALLINT"
    INTEGER = "INTEGER"
    BIGINT = "BIGINT"
    DECIMAL = "DECIMAL"
    REAL = "REAL"
    DOUBLE_PRECISION = "DOUBLE_PRECISION"
    BOOLEAN = "BOOLEAN"
    CHAR = "CHAR"
    VARCHAR = "VARCHAR"
    DATE = "DATE"
    TIMESTAMP = "TIMESTAMP"
    TIMESTAMPTZ = "TIMESTAMPTZ"
    TIME = "TIME"
    TIMETZ = "TIMETZ"
    VARBYTE = "VARBYTE"
    BINARY = "BINARY"
    BYTE = "BYTE"
    CHARACTER = "CHARACTER"
    DOUBLE = "DOUBLE"
    FLOAT = "FLOAT"
    INT = "INT"
    LONG = "LONG"
    NUMERIC = "NUMERIC"
    SHORT = "SHORT"
    STRING = "STRING"
    TIMESTAMP_LTZ = "TIMESTAMP_LTZ"
    TIMESTAMP_NTZ = "TIMESTAMP_NTZ"
    TINYINT = "TINYINT"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of an analysis template. The template checks the values.

    Attributes:
        type: The type of its value.
        default: The value that is used if none is given, as text, at most 1,000 characters. None by
            default.
    """

    type: ParameterType | str
    default: str | None = None


@dataclass(frozen=True)
class SqlSource:
    """A SQL query. The template checks the text.

    Attributes:
        text: The query, at most 90,000 characters. A parameter is written `:name`.
    """

    text: str

    @staticmethod
    def from_file(path: Path | str) -> SqlSource:
        """Read a SQL query from a file.

        Args:
            path: The file, in UTF-8. A relative path starts at the working directory.

        Returns:
            The query.

        Raises:
            OSError: If the file cannot be read.
            ValueError: If the file is not in UTF-8.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/userguide/create-analysis-template.html
        """
        try:
            # Some editors write a byte order mark, which is not SQL.
            return SqlSource(Path(path).read_text("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise ValueError(f"{path} is not in UTF-8; save it in UTF-8") from error


@dataclass(frozen=True, kw_only=True)
class PySparkSource:
    """A PySpark script in Amazon S3. The template checks the values.

    Attributes:
        bucket: The S3 bucket, as a construct or its name. It must be versioned, and the files must
            never change.
        entry_point: The key of the script, at most 1,024 characters.
        virtual_environment: The key of an archive with the packages that the script imports. None
            by default.
        role: The role with which Clean Rooms reads the files, as a construct or its ARN. By
            default, the library creates a role that has only this permission.
        query_runner_membership: The membership of the member who can run jobs, as a construct or
            its ARN. The created role then trusts Clean Rooms only for this membership and that of
            the template. By default, it trusts Clean Rooms for all memberships of that member's
            account, or of any account if the member's account is not known.
    """

    bucket: IBucketRef | str
    entry_point: str
    virtual_environment: str | None = None
    role: IRoleRef | str | None = None
    query_runner_membership: IMembershipRef | str | None = None


class TemplateFacts(NamedTuple):
    """The facts about an analysis template of this app."""

    membership: Any
    """The membership, as it was given."""
    source: SqlSource | PySparkSource


@checks.text("the query, a string")
def _query(value: str) -> Iterator[checks.Fault]:
    yield from checks.length("Query", value, 1, _TEXT_LIMIT)
    yield from checks.characters(
        "Query", value, checks.LONE_SURROGATE, "characters that UTF-8 can encode"
    )


@checks.text("the key of the file in the bucket, a string")
def _key(value: str) -> Iterator[checks.Fault]:
    yield from checks.length("ObjectKey", value, 1, _KEY_LIMIT)
    if value and not _KEY.fullmatch(value):
        yield (
            "ObjectKeyCharacters",
            "is not a key that Clean Rooms accepts; use letters, digits and ! _ . * ' ( ) + , / -",
        )


def source_rule(scope: Construct, membership: object) -> Rule:
    """Return a rule for what an analysis template runs.

    Args:
        scope: The scope of the template.
        membership: The membership of the template.
    """

    def role(property: str, value: object) -> Iterator[Problem]:
        yield from checks.optional(clean_rooms_role_arn)(property, ROLE.read(value))
        yield from role_problems(property, value, scope)

    def rule(property: str, value: object) -> Iterator[Problem]:
        if isinstance(value, SqlSource):
            yield from values.parts(property, "its ", ("text", value.text, _query))
        elif isinstance(value, PySparkSource):
            yield from values.parts(
                property,
                "its ",
                ("bucket", BUCKET.read(value.bucket), bucket_name),
                ("entry_point", value.entry_point, _key),
                ("virtual_environment", value.virtual_environment, checks.optional(_key)),
                ("role", value.role, role),
                (
                    "query_runner_membership",
                    value.query_runner_membership,
                    query_runner_rule(scope, terms_of(membership)),
                ),
            )
        else:
            expected = (
                "SqlSource.from_file(…), SqlSource(…) or PySparkSource(bucket=…, entry_point=…)"
            )
            yield checks.wrong_type(property, value, expected)

    return rule


@checks.text("the name of the parameter, a string")
def _parameter_name(value: str) -> Iterator[checks.Fault]:
    yield from checks.length("ParameterName", value, 1, _PARAMETER_NAME_LIMIT)
    if value and not _PARAMETER_NAME.fullmatch(value):
        message = "is not the name of a parameter; use letters, digits and underscores"
        yield "ParameterNameCharacters", message


@checks.text("the default value as text, a string")
def _default(value: str) -> Iterator[checks.Fault]:
    yield from checks.length("Default", value, 0, _DEFAULT_LIMIT)


_type = checks.choice(*(each.value for each in ParameterType))


def _parameter(property: str, value: object) -> Iterator[Problem]:
    if isinstance(value, Parameter):
        yield from values.parts(
            property,
            "its ",
            ("type", value.type, _type),
            ("default", value.default, checks.optional(_default)),
        )
    else:
        yield from _type(property, value)


parameters_rule: Rule = values.mapping(
    _parameter_name,
    _parameter,
    "a mapping of names to types, such as {'since': 'DATE'}",
    greatest=_PARAMETER_LIMIT,
)
"""Check the parameters of an analysis template, given as a mapping of names to types."""


def pyspark_problems(property: str, value: object) -> Iterator[Problem]:
    """Yield what is wrong with parameters of a PySpark script that SQL accepts."""
    for name, parameter in value.items() if isinstance(value, Mapping) else ():
        type = parameter.type if isinstance(parameter, Parameter) else parameter
        if type in [*ParameterType] and type != ParameterType.STRING:
            message = (
                f"the value of {checks.excerpt(name)}, a parameter of a PySpark script is a STRING;"
                " use ParameterType.STRING, and convert it in the script"
            )
            yield Problem(property, type, message, "PySparkParameterType")
        if isinstance(name, str) and name[:1].isdigit():
            message = (
                f"{checks.excerpt(name)} begins with a digit; the name of a parameter of a PySpark"
                " script begins with a letter or an underscore"
            )
            yield Problem(property, name, message, "PySparkParameterName")


def unused_parameters(source: object, parameters: Mapping[str, Any]) -> list[str]:
    """Return the parameters that a query certainly does not use."""
    if not isinstance(source, SqlSource) or not checks.is_known(source.text):
        return []
    return [
        name
        for name in values.known_texts(parameters)
        if not re.search(rf":{re.escape(name)}\b", source.text)
    ]
