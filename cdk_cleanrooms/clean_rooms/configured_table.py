"""`AWS::CleanRooms::ConfiguredTable`, created or imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import jsii
from aws_cdk import Annotations, CfnResource, IResource, RemovalPolicy
from aws_cdk.aws_cleanrooms import CfnConfiguredTable
from aws_cdk.interfaces.aws_cleanrooms import (
    ConfiguredTableReference,
    IConfiguredTableRef,
    IMembershipRef,
)
from aws_cdk.interfaces.aws_iam import IRoleRef
from constructs import Construct

from .._core import checks, types
from .._core.declaration import Declaration
from .._core.facts import publish
from .._core.imports import existing, existing_arn, look_up
from .._core.resource import Resource
from .._core.tags import TagMethods
from .._core.unique import Quota, place_of
from .._core.validation import Problem
from . import analysis_rules, values
from .analysis_rules import (
    AggregationAnalysisRule,
    AggregationThreshold,
    AnalysisMethod,
    AnalysisRuleType,
    CustomAnalysisRule,
    ListAnalysisRule,
)
from .configured_table_association import ConfiguredTableAssociation
from .configured_table_grants import ConfiguredTableGrants
from .member import AnyMember
from .table_facts import TableFacts
from .table_sources import (
    AthenaTable,
    GlueTable,
    SnowflakeTable,
    cfn_reference,
    data_problems,
    identity_problems,
    names_of,
    source_rule,
)

_COLUMN_LIMIT = 100
_QUOTA = Quota(
    250,
    "cdk-cleanrooms:tooManyConfiguredTables",
    "This app declares more than 250 configured tables in one account and Region, which is AWS's"
    " default quota. Request an increase, or acknowledge this warning if you have one.",
)
# The warnings about what is wrong with the data of a table, if that is not certain.
_DOUBTS = {
    "ColumnNotInTable": "cdk-cleanrooms:columnNotInTable",
    "LocationOutsidePrefix": "cdk-cleanrooms:locationOutsidePrefix",
    "OtherAccount": "cdk-cleanrooms:tableInOtherAccount",
}
_columns = values.each_once(
    analysis_rules.column,
    "a list of columns, such as ['order_id']",
    least=1,
    greatest=_COLUMN_LIMIT,
)
_methods = checks.several(AnalysisMethod)


def _methods_rule(property: str, value: object) -> Iterator[Problem]:
    yield from _methods(property, value)
    if checks.is_list_token(value):
        yield checks.list_token_problem(property, value)
    elif values.is_list(value) and not value:
        message = (
            "[] is empty; use [AnalysisMethod.DIRECT_QUERY], AnalysisMethod.DIRECT_JOB or both"
        )
        yield Problem(property, value, message, "ListEmpty")


class IConfiguredTable(IResource, IConfiguredTableRef, Protocol):
    """A configured table, created by this app or imported into it."""

    @property
    def configured_table_arn(self) -> str:
        """The ARN of the configured table."""

    @property
    def configured_table_identifier(self) -> str:
        """The ID of the configured table, a UUID."""

    @property
    def grants(self) -> ConfiguredTableGrants:
        """Grants of permissions on the configured table."""

    def associate(
        self,
        id: str,
        *,
        membership: IMembershipRef | str,
        name: str | None = None,
        role: IRoleRef | str | None = None,
        collaboration_rule: bool = True,
        result_receivers: Sequence[AnyMember | str] | None = None,
        allowed_additional_analyses: Sequence[str] = (),
        query_runner_membership: IMembershipRef | str | None = None,
        member_memberships: Sequence[IMembershipRef | str] = (),
        analysis_rule_type: AnalysisRuleType | str | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> ConfiguredTableAssociation:
        """Associate the table with the collaboration of a membership.

        Args:
            id: The ID of the association in the scope of the table.
            membership: The membership, as a construct or its ID.
            name: The table's name in queries. By default the name of the configured table.
            role: The role with which Clean Rooms reads the data, as a construct or its ARN. By
                default, the library creates a role that has only this permission.
            collaboration_rule: Whether the association gets a collaboration rule. True by default.
            result_receivers: The members who can receive results. By default those who can receive
                results in the collaboration.
            allowed_additional_analyses: The ARNs of the models that can use the results. None by
                default.
            query_runner_membership: The membership of the member who can query. None by default.
            member_memberships: The memberships of the other members. None by default.
            analysis_rule_type: The type of the analysis rule of an imported table. None by default.
            description: A description, at most 255 characters. None by default.
            tags: The tags, as a mapping of keys to values. None by default.
            removal_policy: What happens to the association when it leaves the stack.
            adopt: The ID of an existing association to adopt, or True. None by default.

        Returns:
            The association.
        """


class ILookedUpConfiguredTable(IConfiguredTable, Protocol):
    """A configured table that was read at synthesis."""

    @property
    def name(self) -> str:
        """The name of the configured table."""


@jsii.implements(IConfiguredTableRef)
class _ConfiguredTable(Resource):
    """A configured table, created or imported."""

    _type = types.CONFIGURED_TABLE

    @property
    def configured_table_arn(self) -> str:
        """The ARN of the configured table."""
        return self._identity.arn()

    @property
    def configured_table_identifier(self) -> str:
        """The ID of the configured table, a UUID."""
        return self._identity.identifier()

    @property
    def configured_table_ref(self) -> ConfiguredTableReference:
        """The reference that the CDK accepts for a configured table."""
        return ConfiguredTableReference(
            configured_table_arn=self.configured_table_arn,
            configured_table_identifier=self.configured_table_identifier,
        )

    @property
    def grants(self) -> ConfiguredTableGrants:
        """Grants of permissions on the configured table."""
        return ConfiguredTableGrants.from_configured_table(self)

    def associate(
        self,
        id: str,
        *,
        membership: IMembershipRef | str,
        name: str | None = None,
        role: IRoleRef | str | None = None,
        collaboration_rule: bool = True,
        result_receivers: Sequence[AnyMember | str] | None = None,
        allowed_additional_analyses: Sequence[str] = (),
        query_runner_membership: IMembershipRef | str | None = None,
        member_memberships: Sequence[IMembershipRef | str] = (),
        analysis_rule_type: AnalysisRuleType | str | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> ConfiguredTableAssociation:
        """Associate the table with the collaboration of a membership.

        This is a short form of `ConfiguredTableAssociation(table, id, configured_table=table, …)`,
        which explains the arguments in full.

        Args:
            id: The ID of the association in the scope of the table.
            membership: The membership, as a construct or its ID.
            name: The table's name in queries. By default the name of the configured table.
            role: The role with which Clean Rooms reads the data, as a construct or its ARN. By
                default, the library creates a role that has only this permission.
            collaboration_rule: Whether the association gets a collaboration rule. True by default.
            result_receivers: The members who can receive results. By default those who can receive
                results in the collaboration.
            allowed_additional_analyses: The ARNs of the models that can use the results. None by
                default.
            query_runner_membership: The membership of the member who can query. None by default.
            member_memberships: The memberships of the other members. None by default.
            analysis_rule_type: The type of the analysis rule of an imported table. None by default.
            description: A description, at most 255 characters. None by default.
            tags: The tags, as a mapping of keys to values. None by default.
            removal_policy: What happens to the association when it leaves the stack.
            adopt: The ID of an existing association to adopt, or True. None by default.

        Returns:
            The association.

        Raises:
            ValidationError: If AWS would refuse an argument; it reports all problems at once.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/userguide/associate-configured-table.html
        """
        return ConfiguredTableAssociation(
            self,
            id,
            membership=membership,
            configured_table=self,
            name=name,
            role=role,
            collaboration_rule=collaboration_rule,
            result_receivers=result_receivers,
            allowed_additional_analyses=allowed_additional_analyses,
            query_runner_membership=query_runner_membership,
            member_memberships=member_memberships,
            analysis_rule_type=analysis_rule_type,
            description=description,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )


class _LookedUp(_ConfiguredTable):
    """An existing configured table, with the properties that were read at synthesis."""

    name: str


class ConfiguredTable(TagMethods, _ConfiguredTable):
    """A table that collaborations can use, with the columns and analyses that its owner allows.

    It belongs to the account, and not to a membership. `associate` brings it into a collaboration.
    Every change updates it in place, and acts at once in every collaboration with the table. While
    AWS replaces a changed rule, the table can have no rule for a moment, and then nothing can query
    it.

    Args:
        scope: The construct that the configured table belongs to.
        id: The construct's ID in its scope.
        name: The name, 1 to 100 characters on one line. AWS accepts several tables with the same
            name.
        table: Where the data is, as a `GlueTable`, an `AthenaTable` or a `SnowflakeTable`.
        allowed_columns: The columns that collaborations can use, 1 to 100. In Clean Rooms they
            have no uppercase letters.
        analysis_methods: Whether the table can be analyzed by queries, by jobs or by both. By
            default `[AnalysisMethod.DIRECT_QUERY]`.
        analysis_rule: What queries can do with the columns. Without a rule, the table cannot be
            queried. None by default.
        description: A description, at most 255 characters, which may have line breaks. None by
            default.
        tags: The tags, as a mapping of keys to values, at most 50. A key has 1 to 128 characters
            and does not begin with `aws:`. A value has 1 to 256 characters. None by default.
        removal_policy: What happens to the table when it leaves the stack. By default it is
            deleted, or retained if it is adopted. `SNAPSHOT` is not supported.
        adopt: The ID of an existing configured table to adopt, as a literal UUID. If True, the
            command `cdk-cleanrooms adopt` adopts the table with this name, if exactly one exists.
            None by default.

    Raises:
        ValidationError: If AWS would refuse an argument; it reports all problems at once.

    See Also:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cleanrooms-configuredtable.html
    """

    @staticmethod
    def from_existing(
        scope: Construct, id: str, *, configured_table_identifier: str
    ) -> IConfiguredTable:
        """Import an existing configured table by its ID.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            configured_table_identifier: The table's ID, a lowercase UUID.

        Returns:
            The configured table, without a resource in the template. It is assumed to be in the
            stack's account and Region.

        Raises:
            ValidationError: If an argument is not well-formed.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_GetConfiguredTable.html
        """
        return existing(_ConfiguredTable, scope, id, configured_table_identifier)

    @staticmethod
    def from_configured_table_arn(
        scope: Construct, id: str, configured_table_arn: str
    ) -> IConfiguredTable:
        """Import an existing configured table by its ARN.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            configured_table_arn: Its ARN, at most 256 characters:
                `arn:aws:cleanrooms:<region>:<account>:configuredtable/<ID>`.

        Returns:
            The configured table, without a resource in the template; its `env` is the ARN's account
            and Region.

        Raises:
            ValidationError: If the ARN is not well-formed.

        See Also:
            https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
        """
        return existing_arn(_ConfiguredTable, scope, id, configured_table_arn)

    @staticmethod
    def from_lookup(
        scope: Construct, id: str, *, configured_table_identifier: str
    ) -> ILookedUpConfiguredTable:
        """Import an existing configured table, and read it while the app is synthesized.

        The CDK CLI reads it through Cloud Control, with the credentials and the bootstrap look-up
        role of the stack's environment, and keeps what it has read in `cdk.context.json`.

        Args:
            scope: The construct that the import belongs to, in a stack whose account and Region
                are known.
            id: The construct's ID in its scope.
            configured_table_identifier: The table's ID, a literal lowercase UUID.

        Returns:
            The configured table, without a resource in the template. Until the CLI has read it,
            and in unit tests, its name is a dummy.

        Raises:
            ValidationError: If an argument is not well-formed, or the environment is not known.

        See Also:
            https://docs.aws.amazon.com/cdk/v2/guide/context.html
        """
        table, found = look_up(
            _LookedUp, scope, id, configured_table_identifier, lambda _: {"Name": "dummy"}
        )
        table.name = found["Name"]
        return table

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        table: GlueTable | AthenaTable | SnowflakeTable,
        allowed_columns: Sequence[str],
        analysis_methods: Sequence[AnalysisMethod | str] = (AnalysisMethod.DIRECT_QUERY,),
        analysis_rule: AggregationAnalysisRule
        | ListAnalysisRule
        | CustomAnalysisRule
        | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> None:
        declaration = Declaration(
            ConfiguredTable,
            scope,
            id,
            name=name,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )
        table = declaration.check("table", table, source_rule(scope))
        allowed_columns = declaration.check("allowed_columns", allowed_columns, _columns)
        analysis_methods = declaration.check("analysis_methods", analysis_methods, _methods_rule)
        analysis_rule = declaration.check(
            "analysis_rule", analysis_rule, checks.optional(analysis_rules.rule_problems)
        )
        declaration.report(analysis_rules.template_problems("analysis_rule", analysis_rule, scope))
        declaration.report(
            _agreement_problems(table, allowed_columns, analysis_methods, analysis_rule)
        )
        doubts = []
        for problem, is_certain in data_problems(scope, table, allowed_columns):
            if is_certain:
                declaration.report([problem])
            else:
                doubts.append(problem)
        description = declaration.check(
            "description", description, checks.optional(checks.description)
        )
        declaration.refuse()
        super().__init__(scope, declaration.construct_id)
        method, *others = analysis_methods
        resource = CfnConfiguredTable(
            self,
            "Resource",
            name=declaration.name,
            description=description,
            allowed_columns=[*allowed_columns],
            analysis_method="MULTIPLE" if others else method,
            selected_analysis_methods=[*analysis_methods] if others else None,
            table_reference=cfn_reference(scope, table),
            analysis_rules=[analysis_rules.cfn_rule(analysis_rule)] if analysis_rule else None,
            tags=declaration.tags,
        )
        self.name: str = declaration.name
        publish(
            self,
            TableFacts(declaration.name, table, tuple(map(str, analysis_methods)), analysis_rule),
        )
        _wait_for_table(resource, table)
        for doubt in doubts:
            Annotations.of(self).add_warning_v2(
                _DOUBTS[doubt.code], f"{doubt.message}. Otherwise acknowledge this warning."
            )
        if analysis_rule is not None:
            for warning, message in analysis_rules.warnings(analysis_rule, analysis_methods):
                Annotations.of(self).add_warning_v2(warning, message)
        declaration.complete(self, resource)
        _QUOTA.count(self, scope, str(place_of(scope)))


def _agreement_problems(
    table: object, allowed_columns: Any, analysis_methods: Any, analysis_rule: object
) -> Iterator[Problem]:
    """Yield the contradictions between an analysis rule and the other arguments."""
    if not isinstance(
        analysis_rule, (AggregationAnalysisRule, ListAnalysisRule, CustomAnalysisRule)
    ):
        return
    yield from analysis_rules.not_allowed_columns("analysis_rule", analysis_rule, allowed_columns)
    if values.is_list(analysis_methods):
        yield from analysis_rules.method_problems("analysis_rule", analysis_rule, analysis_methods)
    if isinstance(table, (AthenaTable, SnowflakeTable)):
        yield from analysis_rules.source_problems("analysis_rule", analysis_rule, table.source)
    threshold = getattr(analysis_rule, "aggregation_threshold", None)
    if isinstance(threshold, AggregationThreshold):
        yield from identity_problems("analysis_rule", table, threshold.identity_column)


def _wait_for_table(resource: CfnConfiguredTable, table: object) -> None:
    """Let a configured table wait for an L1. A literal name creates no dependency."""
    l1 = getattr(table, "table", None)
    if isinstance(l1, CfnResource) and checks.is_known(names_of(l1, l1).table):
        resource.add_resource_dependency(l1)
