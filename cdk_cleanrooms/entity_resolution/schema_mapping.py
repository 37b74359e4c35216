"""`AWS::EntityResolution::SchemaMapping`, created or imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import jsii
from aws_cdk import IResource, RemovalPolicy
from aws_cdk.aws_entityresolution import CfnSchemaMapping
from aws_cdk.interfaces.aws_entityresolution import ISchemaMappingRef, SchemaMappingReference
from constructs import Construct

from .._core import checks, types
from .._core.declaration import Declaration
from .._core.facts import publish
from .._core.imports import existing, existing_arn, look_up
from .._core.resource import Resource
from .._core.tags import TagMethods
from .._core.validation import Problem
from ._arguments import description_rule, words
from ._schemas import SchemaFacts
from .schema_mapping_grants import SchemaMappingGrants

_FIELDS = range(2, 36)


class SchemaAttributeType(StrEnum):
    """The kind of data in a column.

    See Also:
        https://docs.aws.amazon.com/entityresolution/latest/apireference/API_SchemaInputAttribute.html
    """

    NAME = "NAME"
    """A full name."""
    NAME_FIRST = "NAME_FIRST"
    """A first name."""
    NAME_MIDDLE = "NAME_MIDDLE"
    """A middle name."""
    NAME_LAST = "NAME_LAST"
    """A last name."""
    ADDRESS = "ADDRESS"
    """A full address."""
    ADDRESS_STREET1 = "ADDRESS_STREET1"
    """The first line of a street address."""
    ADDRESS_STREET2 = "ADDRESS_STREET2"
    """The second line of a street address."""
    ADDRESS_STREET3 = "ADDRESS_STREET3"
    """The third line of a street address."""
    ADDRESS_CITY = "ADDRESS_CITY"
    """The city of an address."""
    ADDRESS_STATE = "ADDRESS_STATE"
    """The state of an address."""
    ADDRESS_COUNTRY = "ADDRESS_COUNTRY"
    """The country of an address."""
    ADDRESS_POSTALCODE = "ADDRESS_POSTALCODE"
    """The postal code of an address."""
    PHONE = "PHONE"
    """A full phone number."""
    PHONE_NUMBER = "PHONE_NUMBER"
    """A phone number without its country code."""
    PHONE_COUNTRYCODE = "PHONE_COUNTRYCODE"
    """The country code of a phone number."""
    EMAIL_ADDRESS = "EMAIL_ADDRESS"
    """An email address."""
    UNIQUE_ID = "UNIQUE_ID"
    """The ID of the record."""
    DATE = "DATE"
    """A date."""
    STRING = "STRING"
    """Any other text."""
    PROVIDER_ID = "PROVIDER_ID"
    """An ID that a provider service has given."""


@dataclass(frozen=True, kw_only=True)
class SchemaInputAttribute:
    """A column of a table, and the kind of its data. The schema mapping checks the values.

    Attributes:
        field_name: The name of the column, 1 to 255 letters, digits, underscores, hyphens and
            spaces.
        type: The kind of data in the column.
        match_key: The name under which rules compare the column with others, with the same limits
            as `field_name`. None by default, for a column that no rule compares.
        group_name: A name for columns that together form one value, such as the first and the last
            name of one person. None by default.
        sub_type: For the type `PROVIDER_ID`, the provider service that assigned the ID. None by
            default.
        hashed: Whether the values are hashed. AWS's default is False.
    """

    field_name: str
    type: SchemaAttributeType | str
    match_key: str | None = None
    group_name: str | None = None
    sub_type: str | None = None
    hashed: bool | None = None


_words = words("text, a string")
_type = checks.choice(*(each.value for each in SchemaAttributeType))


def _fields_rule(property: str, value: object) -> Iterator[Problem]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        expected = "a list, such as [SchemaInputAttribute(field_name=…, type=…)]"
        yield checks.wrong_type(property, value, expected)
        return
    if len(value) not in _FIELDS:
        there_are = "is 1 field" if len(value) == 1 else f"are {len(value)} fields"
        message = f"there {there_are}; CloudFormation accepts {_FIELDS[0]} to {_FIELDS[-1]}"
        yield Problem(property, value, message, "FieldCount")
    for position, item in enumerate(value, start=1):
        if not isinstance(item, SchemaInputAttribute):
            expected = "SchemaInputAttribute(field_name=…, type=…)"
            yield checks.wrong_type(property, item, expected)
            continue
        for name, part, rule in (
            ("field_name", item.field_name, _words),
            ("type", item.type, _type),
            ("match_key", item.match_key, checks.optional(_words)),
            ("group_name", item.group_name, checks.optional(_words)),
            ("sub_type", item.sub_type, checks.optional(_words)),
            ("hashed", item.hashed, checks.optional(checks.boolean)),
        ):
            for problem in rule(property, part):
                message = f"item {position}: its {name}, {problem.message}"
                yield Problem(property, problem.value, message, problem.code)
    fields = [item for item in value if isinstance(item, SchemaInputAttribute)]
    yield from _whole_problems(property, fields, are_all=len(fields) == len(value) > 0)


def _whole_problems(
    property: str, fields: Sequence[SchemaInputAttribute], *, are_all: bool
) -> Iterator[Problem]:
    """Yield what is wrong with fields that are right one by one."""
    for name, count in Counter(map(_text, (field.field_name for field in fields))).items():
        if count > 1:
            message = f"the field {name} is given {count} times; use it once"
            yield Problem(property, name, message, "GivenTwice")
    types = [field.type for field in fields]
    unique = types.count(SchemaAttributeType.UNIQUE_ID)
    # What is no field, or of no type, may have been meant as the ID.
    is_certain = are_all and all(each in [*SchemaAttributeType] for each in types)
    if unique > 1 or (unique == 0 and is_certain):
        message = (
            f"{unique} fields are of type UNIQUE_ID; the ID of a record is exactly one field, so"
            " give one field that type"
        )
        yield Problem(property, fields, message, "UniqueIdCount")


def _text(value: object) -> str:
    return checks.excerpt(value)


class ISchemaMapping(IResource, ISchemaMappingRef, Protocol):
    """A schema mapping, created by this app or imported into it."""

    @property
    def schema_mapping_arn(self) -> str:
        """The ARN of the schema mapping."""

    @property
    def schema_mapping_name(self) -> str:
        """The name of the schema mapping."""

    @property
    def grants(self) -> SchemaMappingGrants:
        """Grants of permissions on the schema mapping."""


class ILookedUpSchemaMapping(ISchemaMapping, Protocol):
    """A schema mapping that was read at synthesis."""

    @property
    def has_workflows(self) -> bool:
        """Whether a workflow uses it. While one does, Entity Resolution refuses to change it."""


@jsii.implements(ISchemaMappingRef)
class _SchemaMapping(Resource):
    """A schema mapping, created or imported."""

    _type = types.SCHEMA_MAPPING

    @property
    def schema_mapping_arn(self) -> str:
        """The ARN of the schema mapping."""
        return self._identity.arn()

    @property
    def schema_mapping_name(self) -> str:
        """The name of the schema mapping."""
        return self._identity.identifier()

    @property
    def schema_mapping_ref(self) -> SchemaMappingReference:
        """The reference that the CDK accepts for a schema mapping."""
        return SchemaMappingReference(schema_name=self.schema_mapping_name)

    @property
    def grants(self) -> SchemaMappingGrants:
        """Grants of permissions on the schema mapping."""
        return SchemaMappingGrants.from_schema_mapping(self)


class _LookedUp(_SchemaMapping):
    """An existing schema mapping, with the properties that were read at synthesis."""

    has_workflows: bool


class SchemaMapping(TagMethods, _SchemaMapping):
    """A schema mapping, which describes the columns of a table.

    A change of `name` replaces the schema mapping. A change of any other property updates it in
    place, but Entity Resolution refuses this while a workflow uses the schema mapping. Declare a
    schema mapping with another name instead, and pass it to the workflow in the same deployment.

    Args:
        scope: The construct that the schema mapping belongs to.
        id: The construct's ID in its scope.
        name: The name, 1 to 255 letters, digits, underscores and hyphens; unique in the account
            and Region.
        mapped_input_fields: The columns, 2 to 35. Exactly one is of type `UNIQUE_ID`.
        description: A description, at most 255 characters. None by default.
        tags: The tags, as a mapping of keys to values, at most 50. A key has 1 to 128 characters
            and does not begin with `aws:`. A value has at most 256 characters. None by default.
        removal_policy: What happens to the schema mapping when it leaves the stack. By default it
            is deleted, or retained if it is adopted. `SNAPSHOT` is not supported.
        adopt: The name of an existing schema mapping to adopt, which must be the same as `name`. If
            True, the command `cdk-cleanrooms adopt` adopts the schema mapping with this name, if it
            exists. None by default.

    Raises:
        ValidationError: If AWS would refuse an argument; it reports all problems at once.

    See Also:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-entityresolution-schemamapping.html
    """

    @staticmethod
    def from_existing(scope: Construct, id: str, *, schema_mapping_name: str) -> ISchemaMapping:
        """Import an existing schema mapping by its name.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            schema_mapping_name: The name of the schema mapping.

        Returns:
            The schema mapping, without a resource in the template. It is assumed to be in the
            stack's account and Region.

        Raises:
            ValidationError: If an argument is not well-formed.

        See Also:
            https://docs.aws.amazon.com/entityresolution/latest/apireference/API_GetSchemaMapping.html
        """
        return existing(_SchemaMapping, scope, id, schema_mapping_name)

    @staticmethod
    def from_schema_mapping_arn(
        scope: Construct, id: str, schema_mapping_arn: str
    ) -> ISchemaMapping:
        """Import an existing schema mapping by its ARN.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            schema_mapping_arn: Its ARN:
                `arn:aws:entityresolution:<region>:<account>:schemamapping/<name>`.

        Returns:
            The schema mapping, without a resource in the template; its `env` is the ARN's account
            and Region.

        Raises:
            ValidationError: If the ARN is not well-formed.

        See Also:
            https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsentityresolution.html
        """
        return existing_arn(_SchemaMapping, scope, id, schema_mapping_arn)

    @staticmethod
    def from_lookup(
        scope: Construct, id: str, *, schema_mapping_name: str
    ) -> ILookedUpSchemaMapping:
        """Import an existing schema mapping, and read it while the app is synthesized.

        The CDK CLI reads it through Cloud Control, with the credentials and the bootstrap look-up
        role of the stack's environment, and keeps what it has read in `cdk.context.json`.

        Args:
            scope: The construct that the import belongs to, in a stack whose account and Region
                are known.
            id: The construct's ID in its scope.
            schema_mapping_name: The name of the schema mapping, literal text.

        Returns:
            The schema mapping, without a resource in the template. Until the CLI has read it, and
            in unit tests, no workflow uses it.

        Raises:
            ValidationError: If an argument is not well-formed, or the environment is not known.

        See Also:
            https://docs.aws.amazon.com/cdk/v2/guide/context.html
        """
        schema_mapping, found = look_up(
            _LookedUp, scope, id, schema_mapping_name, lambda _: {"HasWorkflows": False}
        )
        schema_mapping.has_workflows = found["HasWorkflows"]
        return schema_mapping

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        mapped_input_fields: Sequence[SchemaInputAttribute],
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> None:
        declaration = Declaration(
            SchemaMapping,
            scope,
            id,
            name=name,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )
        mapped_input_fields = declaration.check(
            "mapped_input_fields", mapped_input_fields, _fields_rule
        )
        description = declaration.check(
            "description", description, checks.optional(description_rule)
        )
        declaration.refuse()
        super().__init__(scope, declaration.construct_id)
        resource = CfnSchemaMapping(
            self,
            "Resource",
            schema_name=declaration.name,
            mapped_input_fields=[
                CfnSchemaMapping.SchemaInputAttributeProperty(
                    field_name=field.field_name,
                    type=field.type,
                    match_key=field.match_key,
                    group_name=field.group_name,
                    sub_type=field.sub_type,
                    hashed=field.hashed,
                )
                for field in mapped_input_fields
            ],
            description=description,
            tags=declaration.tags,
        )
        self.name = declaration.name
        match_keys = (field.match_key for field in mapped_input_fields)
        publish(
            self,
            SchemaFacts(
                tuple(field.field_name for field in mapped_input_fields),
                frozenset(key for key in match_keys if key is not None),
            ),
        )
        declaration.complete(self, resource)
