"""`AWS::CleanRooms::Membership`, created or imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Protocol

import aws_cdk
import jsii
from aws_cdk import Annotations, Aws, IResource, RemovalPolicy
from aws_cdk.aws_cleanrooms import CfnMembership
from aws_cdk.interfaces.aws_cleanrooms import (
    ICollaborationRef,
    IMembershipRef,
    MembershipReference,
)
from constructs import Construct

from .._core import checks, construct_checks, types
from .._core.access import warn_of_results_among_sources
from .._core.declaration import Declaration
from .._core.environment import Environment, environment_of
from .._core.facts import facts_about, publish
from .._core.imports import dummy_collaboration, existing, existing_arn, look_up
from .._core.references import Reference
from .._core.resource import LazyText, Resource
from .._core.tags import TagMethods
from .._core.unique import claim_once
from .._core.validation import Problem
from .member import (
    MembershipFacts,
    PaymentResponsibility,
    Terms,
    can_query,
    has_known_abilities,
    log_status,
    only_receives_results,
    payment_configuration,
    pays_for_rule,
)
from .membership_grants import MembershipGrants
from .results import AnyResults, Destination, JobResults, Results, destination, results_rule

_COLLABORATION = Reference(
    "collaboration_ref", "collaboration_identifier", "attr_collaboration_identifier"
)
_collaboration_identifier = checks.identifier(
    "a collaboration",
    "collaboration",
    "aws cleanrooms list-collaborations",
    alternative=", or the collaboration as a construct",
)


class _KnownMember:
    """What the app knows about the stack's account as a member of the collaboration."""

    def __init__(
        self, scope: Construct, collaboration: object, *, is_of_another_account: bool
    ) -> None:
        is_in_stack = construct_checks.in_stack(scope)
        self.environment = environment_of(scope) if is_in_stack else Environment(None, None)
        terms = facts_about(collaboration, Terms)
        self.terms = terms
        is_unknown = is_of_another_account and self.environment.account is None
        self.member = terms.member_in(self.environment) if terms and not is_unknown else None

    @property
    def is_creator(self) -> bool:
        return self.terms is not None and self.member is self.terms.creator

    @property
    def query_runner_account(self) -> str | None:
        runner = self.terms.query_runner if self.terms else None
        if self.terms is None or runner is None:
            return None
        account = self.terms.account_of(runner)
        if account is None and runner is self.member:
            # Two stacks with an open environment are in the same account.
            return self.environment.account or Aws.ACCOUNT_ID
        return account

    def collaboration_problems(self, collaboration: object) -> Iterator[Problem]:
        """Yield why the account cannot join the collaboration."""
        terms, own = self.terms, self.environment.account
        if terms is not None and terms.has_no_member_in(self.environment):
            accounts = ", ".join(str(terms.account_of(each)) for each in terms.everyone)
            message = (
                f"the stack's account {own} is not a member of the collaboration, whose members are"
                f" {accounts}; invite it, or declare the membership in the stack of a member"
            )
            yield Problem("collaboration", collaboration, message, "AccountNotMember")

    def log_problems(
        self, query_log: object, job_log: object, metrics: object
    ) -> Iterator[Problem]:
        """Yield which logs and metrics the collaboration does not allow."""
        terms = self.terms
        if terms is None:
            return
        for property, given, allowed, noun in (
            ("query_log_enabled", query_log, terms.query_log_enabled, "query logs"),
            ("job_log_enabled", job_log, terms.job_log_enabled, "job logs"),
            ("metrics_enabled", metrics, terms.metrics_enabled, "metrics"),
        ):
            if given is True and not allowed:
                message = (
                    f"the collaboration has no {noun}, so its members cannot turn them on; leave"
                    " the argument out"
                )
                yield Problem(property, given, message, "NotInCollaboration")
        if metrics is True and terms.metrics_enabled and not self.may_have_metrics:
            who = self._name
            message = (
                f"{who} neither queries nor pays, and metrics are for those who do; leave the"
                " argument out"
            )
            yield Problem("metrics_enabled", metrics, message, "MetricsNotForMember")

    @property
    def may_have_metrics(self) -> bool:
        member = self.member
        return (
            member is None
            or can_query(member)
            or bool(member.pays_for)
            or not has_known_abilities(member)
        )

    def payment_problems(self, pays_for: object) -> Iterator[Problem]:
        """Yield how payments contradict those of the collaboration."""
        if self.terms is None or self.member is None or not isinstance(pays_for, Sequence):
            return
        if not all(map(has_known_abilities, self.terms.everyone)):
            return
        known = [str(cost) for cost in pays_for if cost in [*PaymentResponsibility]]
        must_pay = self.terms.must_pay_for(self.member)
        stated = {str(cost) for cost in self.member.pays_for or ()}
        # The member who can query pays for everything that nobody else pays for, without stating
        # it. But a payment configuration must always say whether the member pays for queries.
        required = stated | (must_pay & {PaymentResponsibility.QUERY_COMPUTE})
        for cost in known:
            if cost not in must_pay:
                message = (
                    f"the collaboration does not say that {self._name} pays for {cost}; leave"
                    " pays_for out to take it over from the collaboration"
                )
                yield Problem("pays_for", cost, message, "PaymentNotAgreed")
        for cost in PaymentResponsibility:
            if cost in required and cost not in known:
                message = (
                    f"{cost} is missing, but {self._name} pays for it in the collaboration; leave"
                    " pays_for out to take it over from the collaboration"
                )
                yield Problem("pays_for", pays_for, message, "PaymentMissing")

    def result_problems(self, results: object) -> Iterator[Problem]:
        """Yield a problem if the member needs a bucket for results and has none."""
        if results is None and self.member is not None and only_receives_results(self.member):
            message = (
                f"{self._name} receives results but cannot query, so AWS needs to know where they"
                " go; use Results(bucket=…)"
            )
            yield Problem("results", results, message, "ResultsMissing")

    @property
    def _name(self) -> str:
        return checks.excerpt(self.member.display_name) if self.member else "the member"


class IMembership(IResource, IMembershipRef, Protocol):
    """A membership, created by this app or imported into it."""

    @property
    def membership_arn(self) -> str:
        """The ARN of the membership."""

    @property
    def membership_identifier(self) -> str:
        """The ID of the membership, a UUID."""

    @property
    def grants(self) -> MembershipGrants:
        """Grants of permissions on the membership."""


class ILookedUpMembership(IMembership, Protocol):
    """A membership that was read at synthesis."""

    @property
    def collaboration_arn(self) -> str:
        """The ARN of the collaboration."""

    @property
    def collaboration_identifier(self) -> str:
        """The ID of the collaboration, a UUID."""

    @property
    def collaboration_creator_account_id(self) -> str:
        """The account that created the collaboration."""


@jsii.implements(IMembershipRef)
class _Membership(Resource):
    """A membership, created or imported."""

    _type = types.MEMBERSHIP

    @property
    def membership_arn(self) -> str:
        """The ARN of the membership."""
        return self._identity.arn()

    @property
    def membership_identifier(self) -> str:
        """The ID of the membership, a UUID."""
        return self._identity.identifier()

    @property
    def membership_ref(self) -> MembershipReference:
        """The reference that the CDK accepts for a membership."""
        return MembershipReference(
            membership_arn=self.membership_arn, membership_identifier=self.membership_identifier
        )

    @property
    def grants(self) -> MembershipGrants:
        """Grants of permissions on the membership."""
        return MembershipGrants.from_membership(self)


class _LookedUp(_Membership):
    """An existing membership, with the properties that were read at synthesis."""

    collaboration_arn: str
    collaboration_identifier: str
    collaboration_creator_account_id: str


class Membership(TagMethods, _Membership):
    """The membership of the stack's account in a Clean Rooms collaboration.

    Creating it joins the collaboration. If the collaboration is a `Collaboration` of this app, the
    membership uses the collaboration's values wherever both must agree: logs, metrics, payments,
    and whether results need a bucket. It belongs to the `Member` with the stack's account, or to
    the creator if the collaboration is in the same environment. If you pass only an ID, the library
    knows none of these values.

    A change of `collaboration` replaces the membership. Its contents stay in the old one. AWS
    cannot change `metrics_enabled` of a membership. A change of any other property updates it in
    place.

    Args:
        scope: The construct that the membership belongs to.
        id: The construct's ID in its scope.
        collaboration: The collaboration, as a construct such as `Collaboration` or
            `CfnCollaboration`, or its ID, a lowercase UUID.
        collaboration_identifier: The ID of a `collaboration` that this app declares for another
            account, for an app that two companies share, because neither deploys the stack of the
            other: copy it from an output of the other stack. By default the CDK reads the ID from
            the other stack, with a role that it adds there.
        query_log_enabled: Whether queries are logged to this account's CloudWatch Logs. By default
            the same as in the collaboration, or False if only its ID is given.
        job_log_enabled: Whether jobs are logged to this account's CloudWatch Logs. By default the
            same as in the collaboration, or False if only its ID is given.
        metrics_enabled: Whether CloudWatch shows metrics of the queries. Only the member who can
            query and members who pay can turn this on. By default the same as in the collaboration,
            or False if only its ID is given.
        pays_for: The costs that this member agrees to pay. They must be the same as in the
            collaboration. By default they are taken over from the collaboration, or none if only
            its ID is given. Required for a member who pays but cannot query, if only the ID is
            given.
        results: Where this member receives the results of queries. A member who receives results
            but cannot query must pass it. None by default.
        job_results: Where this member receives the results of jobs. None by default.
        tags: The tags, as a mapping of keys to values, at most 50. A key has 1 to 128 characters
            and does not begin with `aws:`. A value has 1 to 256 characters. None by default.
        removal_policy: What happens to the membership when it leaves the stack or is replaced. By
            default it is retained with the roles that it uses, even if the first deployment fails,
            because an account that leaves a collaboration cannot join it again, and the creator
            can only leave by deleting the collaboration. With `DESTROY`, the account leaves the
            collaboration for good, and the partners can no longer use its data. If the account
            pays for queries, nobody can query any more. `SNAPSHOT` is not supported.
        adopt: The ID of an existing membership to adopt, as a literal UUID. If True, the command
            `cdk-cleanrooms adopt` adopts the membership in this collaboration, if it exists. None
            by default.

    Raises:
        ValidationError: If AWS would refuse an argument; it reports all problems at once.

    See Also:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cleanrooms-membership.html
    """

    @staticmethod
    def from_existing(scope: Construct, id: str, *, membership_identifier: str) -> IMembership:
        """Import an existing membership by its ID.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            membership_identifier: The membership's ID, a lowercase UUID.

        Returns:
            The membership, without a resource in the template. It is assumed to be in the stack's
            account and Region.

        Raises:
            ValidationError: If an argument is not well-formed.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_GetMembership.html
        """
        return existing(_Membership, scope, id, membership_identifier)

    @staticmethod
    def from_membership_arn(scope: Construct, id: str, membership_arn: str) -> IMembership:
        """Import an existing membership by its ARN.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            membership_arn: Its ARN, at most 256 characters:
                `arn:aws:cleanrooms:<region>:<account>:membership/<ID>`.

        Returns:
            The membership, without a resource in the template; its `env` is the ARN's account and
            Region.

        Raises:
            ValidationError: If the ARN is not well-formed.

        See Also:
            https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
        """
        return existing_arn(_Membership, scope, id, membership_arn)

    @staticmethod
    def from_lookup(
        scope: Construct, id: str, *, membership_identifier: str
    ) -> ILookedUpMembership:
        """Import an existing membership, and read it while the app is synthesized.

        The CDK CLI reads it through Cloud Control, with the credentials and the bootstrap look-up
        role of the stack's environment, and keeps what it has read in `cdk.context.json`.

        Args:
            scope: The construct that the import belongs to, in a stack whose account and Region
                are known.
            id: The construct's ID in its scope.
            membership_identifier: The membership's ID, a literal lowercase UUID.

        Returns:
            The membership, without a resource in the template. Until the CLI has read it, and in
            unit tests, its collaboration is a well-formed dummy.

        Raises:
            ValidationError: If an argument is not well-formed, or the environment is not known.

        See Also:
            https://docs.aws.amazon.com/cdk/v2/guide/context.html
        """
        membership, found = look_up(
            _LookedUp,
            scope,
            id,
            membership_identifier,
            lambda environment: {
                **dummy_collaboration(environment),
                "CollaborationCreatorAccountId": str(environment.account),
            },
        )
        membership.collaboration_arn = found["CollaborationArn"]
        membership.collaboration_identifier = found["CollaborationIdentifier"]
        membership.collaboration_creator_account_id = found["CollaborationCreatorAccountId"]
        return membership

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        collaboration: ICollaborationRef | str,
        collaboration_identifier: str | None = None,
        query_log_enabled: bool | None = None,
        job_log_enabled: bool | None = None,
        metrics_enabled: bool | None = None,
        pays_for: Sequence[PaymentResponsibility | str] | None = None,
        results: Results | None = None,
        job_results: JobResults | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> None:
        declaration = Declaration(
            Membership,
            scope,
            id,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )
        known = _KnownMember(
            scope, collaboration, is_of_another_account=collaboration_identifier is not None
        )
        if collaboration_identifier is None:
            collaboration_identifier = declaration.check_finding(
                "collaboration", collaboration, _collaboration_identifier, _COLLABORATION
            )
            declaration.report(known.collaboration_problems(collaboration))
        else:
            declaration.report(_not_a_construct(collaboration))
            declaration.report(known.collaboration_problems(collaboration))
            collaboration_identifier = declaration.check_finding(
                "collaboration_identifier", collaboration_identifier, _collaboration_identifier
            )
        for property, flag in (
            ("query_log_enabled", query_log_enabled),
            ("job_log_enabled", job_log_enabled),
            ("metrics_enabled", metrics_enabled),
        ):
            declaration.report(checks.optional(checks.flag)(property, flag))
        declaration.report(known.log_problems(query_log_enabled, job_log_enabled, metrics_enabled))
        pays_for = declaration.check("pays_for", pays_for, pays_for_rule)
        declaration.report(known.payment_problems(pays_for))
        results = declaration.check(
            "results",
            results,
            checks.optional(results_rule(scope, Results, known.terms)),
        )
        declaration.report(known.result_problems(results))
        job_results = declaration.check(
            "job_results",
            job_results,
            checks.optional(results_rule(scope, JobResults, known.terms)),
        )
        declaration.refuse()
        super().__init__(scope, declaration.construct_id)
        terms = known.terms
        if terms is not None:
            if query_log_enabled is None:
                query_log_enabled = terms.query_log_enabled
            if job_log_enabled is None:
                job_log_enabled = terms.job_log_enabled
            if metrics_enabled is None:
                metrics_enabled = terms.metrics_enabled and known.may_have_metrics
        if pays_for is None and known.member is not None:
            pays_for = known.member.pays_for
        query_results, self._results_role = self._destination(known, "ResultsRole", results)
        for_jobs, self._job_results_role = self._destination(known, "JobResultsRole", job_results)
        resource = CfnMembership(
            self,
            "Resource",
            collaboration_identifier=collaboration_identifier,
            query_log_status=log_status(bool(query_log_enabled)),
            job_log_status=log_status(True) if job_log_enabled else None,
            is_metrics_enabled=metrics_enabled or None,
            payment_configuration=payment_configuration(CfnMembership, "Membership", pays_for),
            default_result_configuration=_result_configuration(results, query_results),
            default_job_result_configuration=_job_result_configuration(for_jobs),
            tags=declaration.tags,
        )
        publish(self, MembershipFacts(terms, known.member, collaboration_identifier))
        self._collaboration_identifier: str = collaboration_identifier
        self._collaboration_arn: LazyText = cache(lambda: resource.attr_collaboration_arn)
        self._creator_account_id: LazyText = cache(
            lambda: resource.attr_collaboration_creator_account_id
        )
        for each in (query_results, for_jobs):
            if each is not None:
                each.role.apply(resource, removal_policy=_policy_of_roles(removal_policy, known))
        # Only a failed creation deletes what this policy retains, and an adoption creates nothing.
        is_retained = bool(adopt) and removal_policy == RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
        if not is_retained:
            self._warn_of_removal(removal_policy, known)
        buckets = [each.bucket for each in (query_results, for_jobs) if each is not None]
        warn_of_results_among_sources(self, results=buckets)
        declaration.complete(self, resource, default_removal_policy=RemovalPolicy.RETAIN)
        claim_once(self, scope, types.MEMBERSHIP.name, collaboration_identifier, _joins_twice)

    @property
    def collaboration_arn(self) -> str:
        """The ARN of the collaboration."""
        return self._collaboration_arn()

    @property
    def collaboration_identifier(self) -> str:
        """The ID of the collaboration, as it was given."""
        return self._collaboration_identifier

    @property
    def collaboration_creator_account_id(self) -> str:
        """The account that created the collaboration."""
        return self._creator_account_id()

    @property
    def results_role(self) -> aws_cdk.aws_iam.Role | None:
        """The role that was created for the results of queries, or None.

        Use it for grants, such as on a KMS key.
        """
        return self._results_role

    @property
    def job_results_role(self) -> aws_cdk.aws_iam.Role | None:
        """The role that was created for the results of jobs, or None.

        Use it for grants, such as on a KMS key.
        """
        return self._job_results_role

    def _destination(
        self, known: _KnownMember, id: str, results: AnyResults | None
    ) -> tuple[Destination | None, aws_cdk.aws_iam.Role | None]:
        if results is None:
            return None, None
        found = destination(
            self,
            id,
            results,
            query_runner_account=known.query_runner_account,
            for_jobs=not isinstance(results, Results),
        )
        return found, found.role.created

    def _warn_of_removal(self, removal_policy: RemovalPolicy | None, known: _KnownMember) -> None:
        if known.is_creator and removal_policy not in (None, RemovalPolicy.RETAIN):
            Annotations.of(self).add_warning_v2(
                "cdk-cleanrooms:creatorsMembershipIsNotRetained",
                "AWS does not delete the membership of a collaboration's creator before the"
                " collaboration, so deleting this stack can fail. Use RemovalPolicy.RETAIN:"
                " deleting the collaboration ends the membership. Otherwise acknowledge this"
                " warning.",
            )


def _joins_twice(other: str) -> str:
    return (
        f"collaboration: {other} joins the same collaboration, and an account can join it only"
        " once; declare the membership once [JoinedTwice]"
    )


def _not_a_construct(collaboration: object) -> Iterator[Problem]:
    if not _COLLABORATION.accepts(collaboration):
        expected = (
            "the collaboration as a construct, or leave collaboration_identifier out and pass the"
            " ID as collaboration"
        )
        yield checks.wrong_type("collaboration", collaboration, expected)


def _policy_of_roles(
    removal_policy: RemovalPolicy | None, known: _KnownMember
) -> RemovalPolicy | None:
    """Return the removal policy of roles, or None if it is that of the membership."""
    # If the first deployment fails, the creator's membership ends with the collaboration.
    of_creator = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if known.is_creator else None
    return of_creator if removal_policy is None else removal_policy


def _result_configuration(results: Results | None, destination: Destination | None) -> Any:
    if results is None or destination is None:
        return None
    return CfnMembership.MembershipProtectedQueryResultConfigurationProperty(
        output_configuration=CfnMembership.MembershipProtectedQueryOutputConfigurationProperty(
            s3=CfnMembership.ProtectedQueryS3OutputConfigurationProperty(
                bucket=destination.bucket,
                key_prefix=destination.prefix,
                result_format=str(results.format),
                single_file_output=results.single_file_output,
            )
        ),
        role_arn=destination.role.arn,
    )


def _job_result_configuration(destination: Destination | None) -> Any:
    if destination is None:
        return None
    return CfnMembership.MembershipProtectedJobResultConfigurationProperty(
        output_configuration=CfnMembership.MembershipProtectedJobOutputConfigurationProperty(
            s3=CfnMembership.ProtectedJobS3OutputConfigurationInputProperty(
                bucket=destination.bucket, key_prefix=destination.prefix
            )
        ),
        role_arn=destination.role.arn,
    )
