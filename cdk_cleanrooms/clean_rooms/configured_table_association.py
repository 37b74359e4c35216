"""`AWS::CleanRooms::ConfiguredTableAssociation`, created or imported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, cast

import aws_cdk
import jsii
from aws_cdk import Annotations, IResource, RemovalPolicy
from aws_cdk.aws_cleanrooms import CfnConfiguredTableAssociation
from aws_cdk.interfaces.aws_cleanrooms import (
    ConfiguredTableAssociationReference,
    IConfiguredTableAssociationRef,
    IConfiguredTableRef,
    IMembershipRef,
)
from aws_cdk.interfaces.aws_iam import IRoleRef
from constructs import Construct

from .._core import checks, types
from .._core.access import ROLE, ServiceRole, Statement, role_for, role_problems
from .._core.construct_checks import elsewhere, foreign
from .._core.declaration import Declaration
from .._core.environment import facts_of_scope
from .._core.facts import facts_about, publish
from .._core.imports import existing, existing_arn, look_up
from .._core.in_membership import InMembership
from .._core.references import Reference
from .._core.tags import TagMethods
from .._core.unique import Quota
from .._core.validation import Problem, Rule
from . import values
from .analysis_rules import AdditionalAnalyses, AnalysisRuleType, CustomAnalysisRule, account
from .configured_table_association_grants import ConfiguredTableAssociationGrants
from .member import AnyMember, Member, MembershipFacts, Terms, can_receive_results
from .memberships import (
    PRINCIPAL,
    arns_of_members,
    claim_table_name,
    external_id,
    other_membership,
    query_runner_rule,
    table_alias,
    terms_of,
)
from .results import clean_rooms_role_arn
from .table_access import place_problems, statements_for, warn_of_data
from .table_facts import AssociationFacts, TableFacts, compare_rules, warn_of_foreign_templates
from .table_sources import SnowflakeTable

_CONFIGURED_TABLE = Reference(
    "configured_table_ref", "configured_table_identifier", "attr_configured_table_identifier"
)
_ANALYSIS_LIMIT = 25
_ANALYSIS_ARN_LIMIT = 256
_ANALYSIS_ARN = re.compile(
    r"arn:aws:cleanrooms:\w{2}-\w{4,9}-\d:(\d{12}|\*):membership/[*\w-]+"
    r"/configuredaudiencemodelassociation/[*\w-]+"
    r"|arn:aws:cleanrooms-ml:[a-z0-9-]+:(\d{12}|\*):membership/[*\w-]+"
    r"/configured-model-algorithm-association/([\w./-]+|\*)",
    re.ASCII,
)
_QUOTA = Quota(
    25,
    "cdk-cleanrooms:tooManyConfiguredTableAssociations",
    "This app declares more than 25 configured table associations in one membership, which is AWS's"
    " default quota. Request an increase, or acknowledge this warning if you have one.",
)

_table_identifier = checks.identifier(
    "a configured table",
    "configuredtable",
    "aws cleanrooms list-configured-tables",
    alternative=", or the configured table as a construct",
)


@checks.text("the ARN of a model that can use the results, a string")
def _additional_analysis(value: str) -> Iterator[checks.Fault]:
    if not _ANALYSIS_ARN.fullmatch(value):
        yield (
            "ModelArnMalformed",
            "is not the ARN of a model in a membership; use 'arn:aws:cleanrooms-ml:<region>:"
            "<account>:membership/<membership ID>/configured-model-algorithm-association/<ID>' or"
            " 'arn:aws:cleanrooms:<region>:<account>:membership/<membership ID>/"
            "configuredaudiencemodelassociation/<ID>'; '*' stands for any account or ID",
        )
    elif len(value) > _ANALYSIS_ARN_LIMIT:
        yield "ArnLength", f"has {len(value)} characters; use at most {_ANALYSIS_ARN_LIMIT}"


def _additional_analyses(scope: Construct) -> Rule:
    def model(property: str, value: object) -> Iterator[Problem]:
        problems = [*_additional_analysis(property, value)]
        yield from problems
        if not problems:
            reason = "only models can use the results"
            yield from elsewhere(property, value, scope, reason, account=False)

    return values.each_once(model, "a list of ARNs of models", greatest=_ANALYSIS_LIMIT)


def _memberships(scope: Construct) -> Rule:
    each_once = values.each_once(other_membership(scope), "a list of memberships")

    def rule(property: str, value: object) -> Iterator[Problem]:
        if checks.is_list_token(value):
            # The policy of the role has more items in the same list.
            yield checks.list_token_problem(property, value)
        else:
            yield from each_once(property, value)

    return rule


_rule_type = checks.optional(checks.choice(*(each.value for each in AnalysisRuleType)))


class _Receivers:
    """Who can receive the results of queries on a table."""

    def __init__(self, scope: Construct, membership: object, given: object) -> None:
        self._scope = scope
        self._facts = facts_about(membership, MembershipFacts)
        self._given = given

    @property
    def _terms(self) -> Terms | None:
        return self._facts.terms if self._facts else None

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the receivers that were given."""
        if self._given is None:
            return
        property = "result_receivers"
        yield from values.each_once(
            self._one, "a list of members or accounts, such as ['111122223333']"
        )(property, self._given)
        if values.is_list(self._given) and not self._given:
            message = (
                "[] would let nobody receive results; leave result_receivers out for the members"
                " who can receive results in the collaboration, or use collaboration_rule=False"
            )
            yield Problem(property, self._given, message, "NobodyReceivesResults")

    def _one(self, property: str, value: object) -> Iterator[Problem]:
        if not isinstance(value, Member):
            yield from account(property, value)
        receiver = self._account(value)
        terms = self._terms
        if isinstance(value, Member) and receiver is None:
            message = (
                f"the account of {checks.excerpt(value.display_name)} is not known here; use the ID"
                " of the account, 12 digits"
            )
            yield Problem(property, value, message, "AccountIdMissing")
        if terms is None or receiver is None or not checks.is_known(receiver):
            return
        accounts = [terms.account_of(each) for each in terms.everyone]
        if not all(each is not None and checks.is_known(each) for each in accounts):
            return
        able = [terms.account_of(each) for each in terms.everyone if can_receive_results(each)]
        if receiver not in able:
            message = (
                f"{checks.excerpt(receiver)} is not a member of the collaboration who can receive"
                f" results; use one of {', '.join(map(repr, able))}"
            )
            yield Problem(property, value, message, "CannotReceiveResults")

    @property
    def accounts(self) -> list[str] | None:
        """The accounts of the receivers, or None if they are not known."""
        if self._given is not None:
            receivers: Sequence[Any] = self._given  # type: ignore[assignment]
        elif self._terms is not None:
            receivers = [each for each in self._terms.everyone if can_receive_results(each)]
        else:
            return None
        accounts = [self._account(each) for each in receivers]
        known_accounts = [each for each in accounts if each is not None]
        return known_accounts if accounts and len(known_accounts) == len(accounts) else None

    def _account(self, receiver: object) -> str | None:
        if not isinstance(receiver, Member):
            return receiver if isinstance(receiver, str) else None
        terms = self._terms
        # An equal member counts too, because the collaboration keeps copies.
        members = [each for each in terms.everyone if each == receiver] if terms else []
        if terms is None or not members:
            return cast(AnyMember, receiver).account_id
        if self._facts is not None and receiver == self._facts.member:
            return facts_of_scope(self._scope).account
        return terms.account_of(members[0])


class IConfiguredTableAssociation(IResource, IConfiguredTableAssociationRef, Protocol):
    """A configured table association, created by this app or imported into it."""

    @property
    def configured_table_association_arn(self) -> str:
        """The ARN of the association."""

    @property
    def configured_table_association_identifier(self) -> str:
        """The ID of the association, a UUID."""

    @property
    def membership_arn(self) -> str:
        """The ARN of the membership that the association belongs to."""

    @property
    def membership_identifier(self) -> str:
        """The ID of the membership that the association belongs to, a UUID."""

    @property
    def grants(self) -> ConfiguredTableAssociationGrants:
        """Grants of permissions on the association."""


class ILookedUpConfiguredTableAssociation(IConfiguredTableAssociation, Protocol):
    """A configured table association that was read at synthesis."""

    @property
    def name(self) -> str:
        """The name of the table in queries."""


@jsii.implements(IConfiguredTableAssociationRef)
class _ConfiguredTableAssociation(InMembership):
    """An association, created or imported."""

    _type = types.CONFIGURED_TABLE_ASSOCIATION

    @property
    def configured_table_association_arn(self) -> str:
        """The ARN of the association."""
        return self._identity.arn()

    @property
    def configured_table_association_identifier(self) -> str:
        """The ID of the association, a UUID."""
        return self._identity.identifier()

    @property
    def configured_table_association_ref(self) -> ConfiguredTableAssociationReference:
        """The reference that the CDK accepts for a configured table association."""
        return ConfiguredTableAssociationReference(
            configured_table_association_arn=self.configured_table_association_arn,
            configured_table_association_identifier=self.configured_table_association_identifier,
            membership_identifier=self.membership_identifier,
        )

    @property
    def grants(self) -> ConfiguredTableAssociationGrants:
        """Grants of permissions on the association."""
        return ConfiguredTableAssociationGrants.from_configured_table_association(self)


class _LookedUp(_ConfiguredTableAssociation):
    """An existing association, with the properties that were read at synthesis."""

    name: str


class ConfiguredTableAssociation(TagMethods, _ConfiguredTableAssociation):
    """The association of a configured table with a collaboration, in which it can then be queried.

    `ConfiguredTable.associate` is a short form.

    A change of `description`, `role`, `result_receivers`, `allowed_additional_analyses` and tags
    updates the association in place. A change of any other property replaces it: CloudFormation
    deletes the old association before it creates the new one, so the name can stay the same, but
    nobody can query the table in the meantime.

    Args:
        scope: The construct that the association belongs to.
        id: The construct's ID in its scope.
        membership: The membership, as a construct such as `Membership` or `CfnMembership`, or its
            ID, a lowercase UUID.
        configured_table: The configured table, as a construct such as `ConfiguredTable`, or its ID,
            a lowercase UUID.
        name: The table's name in queries, 1 to 128 letters, digits, underscores, spaces and single
            hyphens. Clean Rooms does not distinguish uppercase and lowercase letters in it, and it
            is unique in the collaboration, also among ID mapping tables. By default the name of the
            configured table in lowercase letters. Required for an imported table.
        role: The role with which Clean Rooms reads the data, as a construct or its ARN. By default,
            the library creates a role that has only this permission. Required for an imported
            table.
        collaboration_rule: Whether the association has a collaboration analysis rule, which names
            who can receive results. True by default, if the receivers are known.
        result_receivers: The members who can receive results, as `Member`s or the IDs of their
            accounts. By default the members who can receive results in the collaboration, if the
            membership is a `Membership` of this app for a `Collaboration` of this app.
        allowed_additional_analyses: The ARNs of the models that can use the results, at most 25.
            None by default.
        query_runner_membership: The membership of the member who can query, as a construct or its
            ARN. The created role then trusts Clean Rooms for this membership alone of that member.
            None by default.
        member_memberships: The memberships of the other members, as constructs or ARNs. All members
            of a collaboration can read the schema of a table, so the created role trusts Clean
            Rooms for each of them. By default all memberships of the accounts of the collaboration,
            or of any account if the collaboration is not known.
        analysis_rule_type: The type of the analysis rule of an imported table, which a
            collaboration rule needs. By default that of the configured table.
        description: A description, at most 255 characters, which may have line breaks. None by
            default.
        tags: The tags, as a mapping of keys to values, at most 50. A key has 1 to 128 characters
            and does not begin with `aws:`. A value has 1 to 256 characters. None by default.
        removal_policy: What happens to the association when it leaves the stack. By default it is
            deleted, or retained if it is adopted. `SNAPSHOT` is not supported.
        adopt: The ID of an existing association to adopt, as a literal UUID. If True, the command
            `cdk-cleanrooms adopt` adopts the association with this name in this membership, if it
            exists. None by default.

    Raises:
        ValidationError: If AWS would refuse an argument; it reports all problems at once.

    See Also:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cleanrooms-configuredtableassociation.html
    """

    @staticmethod
    def from_existing(
        scope: Construct,
        id: str,
        *,
        membership: IMembershipRef | str,
        configured_table_association_identifier: str,
    ) -> IConfiguredTableAssociation:
        """Import an existing association by its ID.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            membership: The membership, as a construct or its ID, a lowercase UUID.
            configured_table_association_identifier: The association's ID, a lowercase UUID.

        Returns:
            The association, without a resource in the template. If you pass the ID of a
            membership, the membership is assumed to be in the stack's account and Region.

        Raises:
            ValidationError: If an argument is not well-formed.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_GetConfiguredTableAssociation.html
        """
        return existing(
            _ConfiguredTableAssociation,
            scope,
            id,
            configured_table_association_identifier,
            membership=membership,
        )

    @staticmethod
    def from_configured_table_association_arn(
        scope: Construct, id: str, configured_table_association_arn: str
    ) -> IConfiguredTableAssociation:
        """Import an existing association by its ARN.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            configured_table_association_arn: Its ARN, at most 256 characters:
                `arn:aws:cleanrooms:<region>:<account>:membership/<ID>/configuredtableassociation/<ID>`.

        Returns:
            The association, without a resource in the template; its `env` is the ARN's account and
            Region.

        Raises:
            ValidationError: If the ARN is not well-formed.

        See Also:
            https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
        """
        return existing_arn(
            _ConfiguredTableAssociation, scope, id, configured_table_association_arn
        )

    @staticmethod
    def from_lookup(
        scope: Construct,
        id: str,
        *,
        membership_identifier: str,
        configured_table_association_identifier: str,
    ) -> ILookedUpConfiguredTableAssociation:
        """Import an existing association, and read it while the app is synthesized.

        The CDK CLI reads it through Cloud Control, with the credentials and the bootstrap look-up
        role of the stack's environment, and keeps what it has read in `cdk.context.json`.

        Args:
            scope: The construct that the import belongs to, in a stack whose account and Region
                are known.
            id: The construct's ID in its scope.
            membership_identifier: The membership's ID, a literal lowercase UUID.
            configured_table_association_identifier: The association's ID, a literal lowercase
                UUID.

        Returns:
            The association, without a resource in the template. Until the CLI has read it, and in
            unit tests, its name is a dummy.

        Raises:
            ValidationError: If an argument is not well-formed, or the environment is not known.

        See Also:
            https://docs.aws.amazon.com/cdk/v2/guide/context.html
        """
        association, found = look_up(
            _LookedUp,
            scope,
            id,
            configured_table_association_identifier,
            lambda _: {"Name": "dummy"},
            membership_identifier=membership_identifier,
        )
        association.name = found["Name"]
        return association

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        membership: IMembershipRef | str,
        configured_table: IConfiguredTableRef | str,
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
    ) -> None:
        table = facts_about(configured_table, TableFacts)
        declaration = Declaration(
            ConfiguredTableAssociation,
            scope,
            id,
            name=_name(name, table),
            name_rule=_name_rule(name),
            membership=membership,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )
        table_identifier = declaration.check(
            "configured_table", _CONFIGURED_TABLE.read(configured_table), _table_identifier
        )
        reason = "a member can only associate tables"
        declaration.report(foreign("configured_table", configured_table, scope, reason))
        declaration.report(checks.optional(clean_rooms_role_arn)("role", ROLE.read(role)))
        declaration.report(role_problems("role", role, scope))
        declaration.report(_role_problems(scope, table, role))
        declaration.report(checks.flag("collaboration_rule", collaboration_rule))
        receivers = _Receivers(scope, membership, result_receivers)
        declaration.report(receivers.problems())
        allowed_additional_analyses = declaration.check(
            "allowed_additional_analyses",
            allowed_additional_analyses,
            _additional_analyses(scope),
        )
        runner_rule = query_runner_rule(scope, terms_of(membership))
        declaration.report(runner_rule("query_runner_membership", query_runner_membership))
        memberships = _memberships(scope)
        declaration.report(memberships("member_memberships", member_memberships))
        analysis_rule_type = declaration.check("analysis_rule_type", analysis_rule_type, _rule_type)
        declaration.report(
            _rule_problems(
                table,
                collaboration_rule,
                result_receivers,
                allowed_additional_analyses,
                analysis_rule_type,
            )
        )
        description = declaration.check(
            "description", description, checks.optional(checks.description)
        )
        declaration.refuse()
        super().__init__(scope, declaration.construct_id)
        rule_type = _type_of_rule(table, analysis_rule_type)
        accounts = receivers.accounts
        has_rule = (
            collaboration_rule
            and rule_type is not None
            and (accounts is not None or bool(allowed_additional_analyses))
        )
        used = self._role_for(role, table, membership, query_runner_membership, member_memberships)
        self._role = used.created
        resource = CfnConfiguredTableAssociation(
            self,
            "Resource",
            membership_identifier=declaration.membership_identifier,
            configured_table_identifier=table_identifier,
            name=declaration.name,
            role_arn=used.arn,
            description=description,
            configured_table_association_analysis_rules=[
                _cfn_rule(str(rule_type), accounts, allowed_additional_analyses)
            ]
            if has_rule
            else None,
            tags=declaration.tags,
        )
        used.apply(resource)
        self.name: str = declaration.name
        publish(self, AssociationFacts(membership, declaration.membership_identifier, table))
        compare_rules(self, declaration.membership_identifier)
        for warning, message in _warnings(
            table, allowed_additional_analyses, is_without_rule=collaboration_rule and not has_rule
        ):
            Annotations.of(self).add_warning_v2(warning, message)
        if table is not None:
            warn_of_data(self, table.source)
            warn_of_foreign_templates(self, membership, table.analysis_rule)
        declaration.complete(self, resource, quota=_QUOTA)
        claim_table_name(
            self, scope, membership, declaration.membership_identifier, declaration.name
        )

    @property
    def role(self) -> aws_cdk.aws_iam.Role | None:
        """The role that was created to read the data, or None.

        Use it for grants, such as on a KMS key.
        """
        return self._role

    def _role_for(
        self,
        role: IRoleRef | str | None,
        table: TableFacts | None,
        membership: IMembershipRef | str,
        query_runner_membership: IMembershipRef | str | None,
        member_memberships: Sequence[IMembershipRef | str],
    ) -> ServiceRole:
        """Return the role that reads the data.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/userguide/setting-up-roles.html
        """
        runner = [] if query_runner_membership is None else [query_runner_membership]
        source = None if table is None else table.source
        is_of_snowflake = isinstance(source, SnowflakeTable)
        # All members can read the schema of a table. A Snowflake table contains its schema.
        given = runner if is_of_snowflake else [*runner, *member_memberships]

        def statements() -> Iterator[Statement]:
            assert source is not None
            yield from statements_for(self, source)

        def conditions() -> Iterator[dict[str, Any]]:
            if not is_of_snowflake:
                yield {"StringLike": {"sts:ExternalId": external_id(self, query_runner_membership)}}
            arns = arns_of_members(self, membership, given, of_query_runner=is_of_snowflake)
            yield {"ForAnyValue:ArnEquals": {"aws:SourceArn": arns}}

        return role_for(
            self,
            "Role",
            role,
            service=PRINCIPAL,
            statements=statements(),
            trust_conditions=conditions(),
        )


def _name(name: str | None, table: TableFacts | None) -> str:
    """Return the name of a table in queries, by default that of the configured table."""
    if name is not None or table is None:
        return name  # type: ignore[return-value]
    return table.name.lower() if checks.is_known(table.name) else table.name


def _name_rule(given: str | None) -> Rule:
    """Return the rule for a name, which says where a default comes from."""

    def rule(property: str, value: object) -> Iterator[Problem]:
        if value is None:
            message = "the table is not declared in this app, so its name is not known; pass name"
            yield Problem(property, value, message, "NameMissing")
            return
        for problem in table_alias(property, value):
            if given is None:
                message = f"the name of the configured table, {problem.message}, or pass name"
                problem = replace(problem, message=message)
            yield problem

    return rule


def _role_problems(scope: Construct, table: TableFacts | None, role: object) -> Iterator[Problem]:
    if role is not None:
        return
    if table is None:
        message = (
            "the table is not declared in this app, so no role can be created that reads its data;"
            " pass role"
        )
        yield Problem("role", role, message, "RoleMissing")
    else:
        yield from place_problems(scope, table.source)


def _type_of_rule(table: TableFacts | None, analysis_rule_type: str | None) -> str | None:
    if table is None:
        return analysis_rule_type
    return table.analysis_rule.type.value if table.analysis_rule else None


def _rule_problems(
    table: TableFacts | None,
    collaboration_rule: object,
    result_receivers: object,
    allowed_additional_analyses: object,
    analysis_rule_type: object,
) -> Iterator[Problem]:
    """Yield the reasons why the association cannot have its collaboration rule."""
    parts = {
        "result_receivers": result_receivers,
        "allowed_additional_analyses": allowed_additional_analyses or None,
    }
    given = {name: value for name, value in parts.items() if value is not None}
    if collaboration_rule is False:
        for name, value in {**given, "analysis_rule_type": analysis_rule_type}.items():
            if value is not None:
                message = (
                    "collaboration_rule is False, so there is no rule that could contain it; leave"
                    " one of the two out"
                )
                yield Problem(name, value, message, "NoCollaborationRule")
        return
    if table is None:
        if given and analysis_rule_type is None:
            message = (
                "the table is not declared in this app, so the type of its analysis rule is not"
                f" known, which {' and '.join(given)} need; pass analysis_rule_type"
            )
            yield Problem(
                "analysis_rule_type", analysis_rule_type, message, "AnalysisRuleTypeMissing"
            )
        return
    if table.analysis_rule is None:
        for name, value in {**given, "analysis_rule_type": analysis_rule_type}.items():
            if value is not None:
                message = (
                    "the configured table has no analysis rule, which a collaboration rule needs;"
                    " pass analysis_rule to the ConfiguredTable"
                )
                yield Problem(name, value, message, "AnalysisRuleMissing")
        return
    type = table.analysis_rule.type
    if analysis_rule_type in [*AnalysisRuleType] and analysis_rule_type != type:
        message = (
            f"the analysis rule of the configured table is of the type {type}; leave"
            " analysis_rule_type out"
        )
        yield Problem("analysis_rule_type", analysis_rule_type, message, "AnalysisRuleType")
    additional = table.analysis_rule.additional_analyses
    if allowed_additional_analyses and additional in (None, AdditionalAnalyses.NOT_ALLOWED):
        message = (
            "the analysis rule of the configured table does not allow additional analyses; pass"
            " additional_analyses='ALLOWED' or 'REQUIRED' there, or leave this out"
        )
        yield Problem(
            "allowed_additional_analyses",
            allowed_additional_analyses,
            message,
            "AdditionalAnalysesNotAllowed",
        )


_WITH_ADDITIONAL_ANALYSES = (AdditionalAnalyses.ALLOWED, AdditionalAnalyses.REQUIRED)


def _warnings(
    table: TableFacts | None, allowed_additional_analyses: object, *, is_without_rule: bool
) -> Iterator[tuple[str, str]]:
    """Yield the ID and the text of each warning about an association that has no problems."""
    rule = table.analysis_rule if table else None
    if table is not None and rule is None:
        yield (
            "cdk-cleanrooms:associatedTableHasNoRule",
            "The configured table has no analysis rule, so nobody can query it. Pass analysis_rule"
            " to the ConfiguredTable. If the rule is not yet certain, acknowledge this warning.",
        )
    elif is_without_rule:
        yield (
            "cdk-cleanrooms:noCollaborationRule",
            "It is not known here who can receive results, so the association has no collaboration"
            " rule. Pass result_receivers, or collaboration_rule=False if that is intended.",
        )
    if isinstance(rule, CustomAnalysisRule) and not rule.allowed_analyses:
        yield (
            "cdk-cleanrooms:nothingCanRun",
            "The custom analysis rule of the configured table has no allowed_analyses, so nothing"
            " can run. Add an analysis template, which can need a second deployment. Until then,"
            " acknowledge this warning.",
        )
    allows_more = rule is not None and rule.additional_analyses in _WITH_ADDITIONAL_ANALYSES
    if allows_more and not allowed_additional_analyses:
        yield (
            "cdk-cleanrooms:additionalAnalysesNotConfigured",
            "The analysis rule of the configured table allows additional analyses, but the"
            " association names none, so none can use the results. Pass"
            " allowed_additional_analyses, or leave additional_analyses out of the rule.",
        )


def _cfn_rule(
    type: str, receivers: Sequence[str] | None, additional_analyses: Sequence[str]
) -> CfnConfiguredTableAssociation.ConfiguredTableAssociationAnalysisRuleProperty:
    l1 = CfnConfiguredTableAssociation
    kind: Any = getattr(l1, f"ConfiguredTableAssociationAnalysisRule{type.capitalize()}Property")
    branch = kind(
        allowed_result_receivers=receivers,
        allowed_additional_analyses=[*additional_analyses] or None,
    )
    return l1.ConfiguredTableAssociationAnalysisRuleProperty(
        type=type,
        policy=l1.ConfiguredTableAssociationAnalysisRulePolicyProperty(
            v1=l1.ConfiguredTableAssociationAnalysisRulePolicyV1Property(**{type.lower(): branch})
        ),
    )
