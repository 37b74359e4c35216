"""`AWS::CleanRooms::AnalysisTemplate`, created or imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import aws_cdk
import jsii
from aws_cdk import Annotations, IResource, RemovalPolicy
from aws_cdk.aws_cleanrooms import CfnAnalysisTemplate
from aws_cdk.interfaces.aws_cleanrooms import (
    AnalysisTemplateReference,
    IAnalysisTemplateRef,
    IMembershipRef,
)
from constructs import Construct

from .._core import checks, types
from .._core.access import BUCKET, Location, ServiceRole, Statement, allow, role_for
from .._core.declaration import Declaration
from .._core.environment import stack_of
from .._core.facts import publish
from .._core.imports import existing, existing_arn
from .._core.in_membership import InCollaboration, InMembership
from .._core.synthesis import Tree, warn_at_synthesis
from .._core.tags import TagMethods
from .._core.unique import Quota
from .._core.validation import Problem
from . import values
from .analysis_sources import (
    Parameter,
    ParameterType,
    PySparkSource,
    SqlSource,
    TemplateFacts,
    parameters_rule,
    pyspark_problems,
    source_rule,
    unused_parameters,
)
from .analysis_template_grants import AnalysisTemplateGrants
from .memberships import PRINCIPAL, arns_of_members, receiver_problems, table_alias

_QUOTA = Quota(
    25,
    "cdk-cleanrooms:tooManyAnalysisTemplates",
    "This app declares more than 25 analysis templates in one membership, which is AWS's default"
    " quota. Request an increase, or acknowledge this warning if you have one.",
)
_tables = values.each_once(table_alias, "a list of tables, such as ['orders']")


class IAnalysisTemplate(IResource, IAnalysisTemplateRef, Protocol):
    """An analysis template, created by this app or imported into it."""

    @property
    def analysis_template_arn(self) -> str:
        """The ARN of the analysis template."""

    @property
    def analysis_template_identifier(self) -> str:
        """The ID of the analysis template, a UUID."""

    @property
    def membership_arn(self) -> str:
        """The ARN of the membership that the template belongs to."""

    @property
    def membership_identifier(self) -> str:
        """The ID of the membership that the template belongs to, a UUID."""

    @property
    def grants(self) -> AnalysisTemplateGrants:
        """Grants of permissions on the analysis template."""


@jsii.implements(IAnalysisTemplateRef)
class _AnalysisTemplate(InMembership):
    """An analysis template, created or imported."""

    _type = types.ANALYSIS_TEMPLATE

    @property
    def analysis_template_arn(self) -> str:
        """The ARN of the analysis template."""
        return self._identity.arn()

    @property
    def analysis_template_identifier(self) -> str:
        """The ID of the analysis template, a UUID."""
        return self._identity.identifier()

    @property
    def analysis_template_ref(self) -> AnalysisTemplateReference:
        """The reference that the CDK accepts for an analysis template."""
        return AnalysisTemplateReference(
            analysis_template_arn=self.analysis_template_arn,
            analysis_template_identifier=self.analysis_template_identifier,
            membership_identifier=self.membership_identifier,
        )

    @property
    def grants(self) -> AnalysisTemplateGrants:
        """Grants of permissions on the analysis template."""
        return AnalysisTemplateGrants.from_analysis_template(self)


class AnalysisTemplate(TagMethods, InCollaboration, _AnalysisTemplate):
    """A query or a PySpark script that the member who can query runs with parameters.

    A table allows it if the template is among the `allowed_analyses` of its `CustomAnalysisRule`.

    A change of `description` and tags updates the template in place. A change of any other property
    replaces it, and the new template has another ARN, so the partners who allow the old one have to
    allow the new one. CloudFormation deletes the old template first, so the name can stay the same.
    `referenced_tables` and `detailed_error_messages` are exceptions: CloudFormation sends their
    change as an update, which AWS cannot make, so change `name` together with them.

    Args:
        scope: The construct that the analysis template belongs to.
        id: The construct's ID in its scope.
        membership: The membership, as a construct such as `Membership` or `CfnMembership`, or its
            ID, a lowercase UUID.
        name: The name, 1 to 128 letters, digits, underscores, spaces and single hyphens; unique in
            the membership.
        source: What the template runs: `SqlSource.from_file(…)`, `SqlSource(…)` or
            `PySparkSource(…)`.
        parameters: The parameters, at most 50, as a mapping of names to types or to `Parameter`s
            with a default. A query uses a parameter as `:name`. Those of PySpark are of the type
            `STRING`. None by default.
        referenced_tables: The names of the tables that the template uses, which AWS finds in a
            query by itself. None by default.
        detailed_error_messages: Whether the messages of a failed PySpark job have details, which
            all data providers have to approve. False by default.
        description: A description, at most 255 characters, which may have line breaks. None by
            default.
        tags: The tags, as a mapping of keys to values, at most 50. A key has 1 to 128 characters
            and does not begin with `aws:`. A value has 1 to 256 characters. None by default.
        removal_policy: What happens to the template when it leaves the stack. By default it is
            deleted, or retained if it is adopted. `SNAPSHOT` is not supported.
        adopt: The ID of an existing template to adopt, as a literal UUID. If True, the command
            `cdk-cleanrooms adopt` adopts the template with this name in this membership, if it
            exists. None by default.

    Raises:
        ValidationError: If AWS would refuse an argument; it reports all problems at once.

    See Also:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cleanrooms-analysistemplate.html
    """

    @staticmethod
    def from_existing(
        scope: Construct,
        id: str,
        *,
        membership: IMembershipRef | str,
        analysis_template_identifier: str,
    ) -> IAnalysisTemplate:
        """Import an existing analysis template by its ID.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            membership: The membership, as a construct or its ID, a lowercase UUID.
            analysis_template_identifier: The template's ID, a lowercase UUID.

        Returns:
            The template, without a resource in the template of the stack. If you pass the ID of a
            membership, the membership is assumed to be in the stack's account and Region.

        Raises:
            ValidationError: If an argument is not well-formed.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_GetAnalysisTemplate.html
        """
        return existing(
            _AnalysisTemplate,
            scope,
            id,
            analysis_template_identifier,
            membership=membership,
        )

    @staticmethod
    def from_analysis_template_arn(
        scope: Construct, id: str, analysis_template_arn: str
    ) -> IAnalysisTemplate:
        """Import an existing analysis template by its ARN.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            analysis_template_arn: Its ARN, at most 256 characters:
                `arn:aws:cleanrooms:<region>:<account>:membership/<ID>/analysistemplate/<ID>`.

        Returns:
            The template, without a resource in the template of the stack; its `env` is the ARN's
            account and Region.

        Raises:
            ValidationError: If the ARN is not well-formed.

        See Also:
            https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
        """
        return existing_arn(_AnalysisTemplate, scope, id, analysis_template_arn)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        membership: IMembershipRef | str,
        name: str,
        source: SqlSource | PySparkSource,
        parameters: Mapping[str, ParameterType | Parameter | str] | None = None,
        referenced_tables: Sequence[str] = (),
        detailed_error_messages: bool = False,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> None:
        declaration = Declaration(
            AnalysisTemplate,
            scope,
            id,
            name=name,
            name_rule=table_alias,
            membership=membership,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )
        source = declaration.check("source", source, source_rule(scope, membership))
        parameters = declaration.check("parameters", parameters, checks.optional(parameters_rule))
        if isinstance(source, PySparkSource):
            declaration.report(pyspark_problems("parameters", parameters))
            declaration.report(receiver_problems("source", source, membership))
        referenced_tables = declaration.check("referenced_tables", referenced_tables, _tables)
        declaration.report(checks.flag("detailed_error_messages", detailed_error_messages))
        declaration.report(_details_problems(source, detailed_error_messages))
        description = declaration.check(
            "description", description, checks.optional(checks.description)
        )
        declaration.refuse()
        super().__init__(scope, declaration.construct_id)
        l1 = CfnAnalysisTemplate
        role: ServiceRole | None = None
        if isinstance(source, SqlSource):
            cfn_source = l1.AnalysisSourceProperty(text=source.text)
        else:
            role = self._role_for(source, membership)
            cfn_source = l1.AnalysisSourceProperty(artifacts=_artifacts(source, role.arn))
        self._role = role.created if role else None
        resource = l1(
            self,
            "Resource",
            membership_identifier=declaration.membership_identifier,
            name=declaration.name,
            format="SQL" if isinstance(source, SqlSource) else "PYSPARK_1_0",
            source=cfn_source,
            analysis_parameters=[
                _cfn_parameter(each, parameter) for each, parameter in (parameters or {}).items()
            ]
            or None,
            schema=l1.AnalysisSchemaProperty(referenced_tables=[*referenced_tables])
            if referenced_tables
            else None,
            error_message_configuration=l1.ErrorMessageConfigurationProperty(type="DETAILED")
            if detailed_error_messages
            else None,
            description=description,
            tags=declaration.tags,
        )
        if role is not None:
            role.apply(resource)
        self.name: str = declaration.name
        publish(self, TemplateFacts(membership, source))
        unused = unused_parameters(source, parameters or {})
        if unused:
            Annotations.of(self).add_warning_v2(
                "cdk-cleanrooms:unusedParameters",
                f"The query does not use {', '.join(f':{each}' for each in unused)}. Use each"
                " parameter in the query, or leave it out.",
            )
        if isinstance(source, PySparkSource):
            _warn_of_versions(self, source.bucket)
        declaration.complete(self, resource, quota=_QUOTA)

    @property
    def role(self) -> aws_cdk.aws_iam.Role | None:
        """The role that was created to read a PySpark script, or None.

        Use it for grants, such as on a KMS key.
        """
        return self._role

    def _role_for(self, source: PySparkSource, membership: IMembershipRef | str) -> ServiceRole:
        """Return the role that reads the files.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/userguide/setting-up-roles.html
        """
        runner = source.query_runner_membership
        given = [] if runner is None else [runner]

        def conditions() -> Iterator[dict[str, Any]]:
            arns = arns_of_members(self, membership, given, of_query_runner=True)
            yield {"ForAnyValue:ArnEquals": {"aws:SourceArn": arns}}

        return role_for(
            self,
            "Role",
            source.role,
            service=PRINCIPAL,
            statements=_statements(self, source),
            trust_conditions=conditions(),
        )


def _warn_of_versions(template: AnalysisTemplate, bucket: Any) -> None:
    """Warn if the bucket of a script is a bucket of the app, and is not versioned."""
    l1: Any = None if isinstance(bucket, str) else bucket.node.default_child or bucket
    stack = stack_of(template)
    if stack is None or not hasattr(type(l1), "versioning_configuration"):
        return

    # The L1 can still be changed until then.
    def warn(tree: Tree) -> None:
        if l1.versioning_configuration is None and tree.contains(template):
            Annotations.of(template).add_warning_v2(
                "cdk-cleanrooms:scriptsWithoutVersions",
                "The bucket of the script keeps no versions of its objects, which Clean Rooms"
                " needs. Pass versioned=True to the bucket. If it is versioned in another way,"
                " acknowledge this warning.",
            )

    warn_at_synthesis(stack, warn)


def _details_problems(source: object, detailed_error_messages: object) -> Iterator[Problem]:
    if isinstance(source, SqlSource) and detailed_error_messages is True:
        message = "only PySpark jobs have detailed error messages; leave it out"
        yield Problem(
            "detailed_error_messages", detailed_error_messages, message, "DetailedErrorsOfSql"
        )


def _statements(scope: Construct, source: PySparkSource) -> Iterator[Statement]:
    files = Location(scope, source.bucket, takes_key=False)
    keys = [source.entry_point, source.virtual_environment]
    yield allow(
        ["s3:GetObject", "s3:GetObjectVersion"],
        [f"{files.bucket_arn}/{key}" for key in keys if key is not None],
        {"StringEquals": {"s3:ResourceAccount": files.account}},
    )
    if files.key_arn is not None:
        yield allow(["kms:Decrypt"], [files.key_arn])


def _artifacts(
    source: PySparkSource, role_arn: str
) -> CfnAnalysisTemplate.AnalysisTemplateArtifactsProperty:
    l1 = CfnAnalysisTemplate

    def artifact(key: str) -> CfnAnalysisTemplate.AnalysisTemplateArtifactProperty:
        location = l1.S3LocationProperty(bucket=BUCKET.read(source.bucket), key=key)
        return l1.AnalysisTemplateArtifactProperty(location=location)

    environment = source.virtual_environment
    return l1.AnalysisTemplateArtifactsProperty(
        entry_point=artifact(source.entry_point),
        additional_artifacts=None if environment is None else [artifact(environment)],
        role_arn=role_arn,
    )


def _cfn_parameter(
    name: str, parameter: Parameter | str
) -> CfnAnalysisTemplate.AnalysisParameterProperty:
    of_type = Parameter(type=parameter) if isinstance(parameter, str) else parameter
    return CfnAnalysisTemplate.AnalysisParameterProperty(
        name=name, type=of_type.type, default_value=of_type.default
    )
