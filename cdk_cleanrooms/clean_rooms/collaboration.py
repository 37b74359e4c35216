"""`AWS::CleanRooms::Collaboration`, created or imported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import jsii
from aws_cdk import Annotations, IResource, RemovalPolicy
from aws_cdk.aws_cleanrooms import CfnCollaboration
from aws_cdk.interfaces.aws_cleanrooms import CollaborationReference, ICollaborationRef
from constructs import Construct

from .._core import checks, construct_checks, types
from .._core.declaration import Declaration
from .._core.environment import Environment, environment_of
from .._core.facts import publish
from .._core.imports import dummy_collaboration, existing, existing_arn, look_up
from .._core.resource import Resource
from .._core.tags import TagMethods
from .._core.validation import Problem
from .collaboration_grants import CollaborationGrants
from .member import (
    AnyMember,
    Member,
    MemberAbility,
    Terms,
    can_query,
    creator_rule,
    log_status,
    members_rule,
    payment_configuration,
)

_MEMBER_LIMIT = 9
_MEMBER_QUOTA = 5


class AutoApprovedChangeType(StrEnum):
    """A kind of change to a collaboration that needs no approval.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_CreateCollaboration.html
    """

    ADD_MEMBER = "ADD_MEMBER"
    """A member is added."""
    GRANT_RECEIVE_RESULTS_ABILITY = "GRANT_RECEIVE_RESULTS_ABILITY"
    """A member is allowed to receive results."""
    REVOKE_RECEIVE_RESULTS_ABILITY = "REVOKE_RECEIVE_RESULTS_ABILITY"
    """A member is no longer allowed to receive results."""


@dataclass(frozen=True, kw_only=True)
class DataEncryptionMetadata:
    """The settings of Cryptographic Computing for Clean Rooms.

    Attributes:
        allow_cleartext: Whether encrypted tables can have columns of cleartext.
        allow_duplicates: Whether fingerprint columns can have a value more than once.
        allow_joins_on_columns_with_different_names: Whether fingerprint columns of different names
            can be joined.
        preserve_nulls: Whether NULL stays NULL in encrypted tables.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/userguide/crypto-computing-parameters.html
    """

    allow_cleartext: bool
    allow_duplicates: bool
    allow_joins_on_columns_with_different_names: bool
    preserve_nulls: bool


# Java's `$` also matches before a line terminator.
_WHITE_SPACE_ONLY = re.compile("[ \t\r\n]*[\u0085\u2028\u2029]?")


@checks.text("the description, a string")
def _description(value: str) -> Iterator[checks.Fault]:
    yield from checks.length("Description", value, 1, checks.DESCRIPTION_LIMIT)
    yield from checks.characters(
        "Description", value, checks.NOT_IN_DESCRIPTION, "tab, line breaks and U+0020 to U+FFFD"
    )
    if value and _WHITE_SPACE_ONLY.fullmatch(value):
        yield "DescriptionBlank", "is all white space; use a description that can be seen"


_REGION = re.compile("[a-z]{2}-[a-z]{4,9}-[0-9]")


@checks.text("the Region, a string")
def _region(value: str) -> Iterator[checks.Fault]:
    if not _REGION.fullmatch(value):
        yield "RegionMalformed", "is not a Region; use its code, such as 'us-east-1'"


def _regions(property: str, value: object) -> Iterator[Problem]:
    if checks.is_list_token(value):
        return
    if isinstance(value, str) or not isinstance(value, Sequence):
        yield checks.wrong_type(property, value, "a list of Regions, such as ['us-east-1']")
        return
    for index, region in enumerate(value):
        yield from _region(property, region)
        if region in value[:index]:
            message = f"{checks.excerpt(region)} is given twice; use it once"
            yield Problem(property, region, message, "GivenTwice")


def _encryption(property: str, value: object) -> Iterator[Problem]:
    if not isinstance(value, DataEncryptionMetadata):
        yield checks.wrong_type(property, value, "a DataEncryptionMetadata")
        return
    for part, setting in vars(value).items():
        for problem in checks.boolean(property, setting):
            yield Problem(property, setting, f"its {part}, {problem.message}", problem.code)


def _agreement_problems(
    environment: Environment, creator: object, members: object
) -> Iterator[Problem]:
    """Yield how members contradict each other."""
    others = members if isinstance(members, Sequence) else ()
    everyone = [
        (property, member)
        for property, member in (("creator", creator), *(("members", each) for each in others))
        if isinstance(member, Member) and isinstance(member.abilities, Sequence)
    ]
    if len(others) > _MEMBER_LIMIT:
        message = (
            f"{len(others)} members are more than the {_MEMBER_LIMIT} that a collaboration can have"
            " in addition to its creator"
        )
        yield Problem("members", members, message, "TooManyMembers")
    yield from _account_problems(environment, creator, everyone)
    runners = [(property, member) for property, member in everyone if can_query(member)]
    if len(runners) > 1:
        property, last = runners[-1]
        names = " and ".join(checks.excerpt(member.display_name) for _, member in runners)
        message = (
            f"{names} have CAN_QUERY, but only one member of a collaboration can query; give"
            " CAN_QUERY to one of them"
        )
        yield Problem(property, last, message, "SeveralQueryRunners")
    for property, member in everyone:
        if MemberAbility.CAN_RUN_JOB in member.abilities and not can_query(member):
            message = (
                f"{checks.excerpt(member.display_name)} has CAN_RUN_JOB without CAN_QUERY, but only"
                " the member who can query can run jobs; give both to the same member"
            )
            yield Problem(property, member, message, "JobsWithoutQueries")


def _account_problems(
    environment: Environment, creator: object, everyone: Sequence[tuple[str, AnyMember]]
) -> Iterator[Problem]:
    seen: dict[str, AnyMember | None] = {}
    if isinstance(creator, Member) and isinstance(creator.account_id, str):
        given = creator.account_id
        if environment.account not in (None, given) and checks.ACCOUNT.fullmatch(given):
            message = (
                f"account {given} creates the collaboration, but the stack is in"
                f" {environment.account}; leave account_id out, or declare the collaboration in a"
                f" stack for {given}"
            )
            yield Problem("creator", given, message, "CreatorInOtherAccount")
        seen[given] = None
    if environment.account is not None:
        seen[environment.account] = None
    for property, member in everyone:
        account = member.account_id
        if property == "creator" or not isinstance(account, str):
            continue
        who = checks.excerpt(member.display_name)
        if account not in seen:
            seen[account] = member
            continue
        other = seen[account]
        if other is None:
            code = "CreatorAmongMembers"
            message = f"{who} has the creator's account {account}; members are the other accounts"
        else:
            code = "AccountGivenTwice"
            first = checks.excerpt(other.display_name)
            message = (
                f"{first} and {who} have the same account {account}; an account can be a member"
                " only once"
            )
        yield Problem("members", account, message, code)


class ICollaboration(IResource, ICollaborationRef, Protocol):
    """A collaboration, created by this app or imported into it."""

    @property
    def collaboration_arn(self) -> str:
        """The ARN of the collaboration."""

    @property
    def collaboration_identifier(self) -> str:
        """The ID of the collaboration, a UUID."""

    @property
    def grants(self) -> CollaborationGrants:
        """Grants of permissions on the collaboration."""


class ILookedUpCollaboration(ICollaboration, Protocol):
    """A collaboration that was read at synthesis."""

    @property
    def name(self) -> str:
        """The name of the collaboration."""


@jsii.implements(ICollaborationRef)
class _Collaboration(Resource):
    """A collaboration, created or imported."""

    _type = types.COLLABORATION

    @property
    def collaboration_arn(self) -> str:
        """The ARN of the collaboration."""
        return self._identity.arn()

    @property
    def collaboration_identifier(self) -> str:
        """The ID of the collaboration, a UUID."""
        return self._identity.identifier()

    @property
    def collaboration_ref(self) -> CollaborationReference:
        """The reference that the CDK accepts for a collaboration."""
        return CollaborationReference(
            collaboration_arn=self.collaboration_arn,
            collaboration_identifier=self.collaboration_identifier,
        )

    @property
    def grants(self) -> CollaborationGrants:
        """Grants of permissions on the collaboration."""
        return CollaborationGrants.from_collaboration(self)


class _LookedUp(_Collaboration):
    """An existing collaboration, with the properties that were read at synthesis."""

    name: str


class Collaboration(TagMethods, _Collaboration):
    """A Clean Rooms collaboration: the accounts that are its members, and what each can do.

    The account of the stack creates the collaboration and is a member of it. It still needs a
    `Membership` of its own, and so does each invited account.

    A change of `name`, `description` and tags updates the collaboration in place. AWS cannot
    change `metrics_enabled` of a collaboration. A change of any other property, even of a single
    member, replaces the collaboration. The new collaboration has no memberships and no data, and
    every partner must join again. The old one is retained by default.

    Args:
        scope: The construct that the collaboration belongs to.
        id: The construct's ID in its scope.
        name: The collaboration's name, 1 to 100 characters on one line. Names are not unique.
        description: The purpose of the collaboration, 1 to 255 characters. Line breaks are allowed.
        creator: The member that creates the collaboration, which is the stack's account.
        members: The invited members, at most 9. AWS's default quota is 5.
        query_log_enabled: Whether members can log queries to CloudWatch Logs. True by default.
        job_log_enabled: Whether members can log jobs to CloudWatch Logs. False by default.
        metrics_enabled: Whether members can turn on CloudWatch metrics. False by default.
        data_encryption_metadata: The settings of Cryptographic Computing for Clean Rooms. None by
            default: columns are not encrypted by the client.
        auto_approved_change_types: The changes to the collaboration that need no approval of the
            members. None by default.
        allowed_result_regions: The Regions where results can be stored. Any Region by default.
        tags: The tags, as a mapping of keys to values, at most 50. A key has 1 to 128 characters
            and does not begin with `aws:`. A value has 1 to 256 characters. None by default.
        removal_policy: What happens to the collaboration when it leaves the stack or is replaced.
            By default it is retained, except if its first deployment fails. With `DESTROY`,
            it is deleted, which ends it for all partners: nobody can query it, receive results or
            contribute data any more. A deleted collaboration cannot be restored. `SNAPSHOT` is not
            supported.
        adopt: The ID of an existing collaboration to adopt, as a literal UUID. If True, the command
            `cdk-cleanrooms adopt` adopts the collaboration with this name, if it exists. None by
            default.

    Raises:
        ValidationError: If AWS would refuse an argument; it reports all problems at once.

    See Also:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cleanrooms-collaboration.html
    """

    @staticmethod
    def from_existing(
        scope: Construct, id: str, *, collaboration_identifier: str
    ) -> ICollaboration:
        """Import an existing collaboration by its ID.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            collaboration_identifier: The collaboration's ID, a lowercase UUID.

        Returns:
            The collaboration, without a resource in the template. It is assumed to be
            in the stack's account and Region. To import a collaboration of another account, use
            `from_collaboration_arn`.

        Raises:
            ValidationError: If an argument is not well-formed.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_GetCollaboration.html
        """
        return existing(_Collaboration, scope, id, collaboration_identifier)

    @staticmethod
    def from_collaboration_arn(scope: Construct, id: str, collaboration_arn: str) -> ICollaboration:
        """Import an existing collaboration by its ARN.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            collaboration_arn: Its ARN, at most 256 characters:
                `arn:aws:cleanrooms:<region>:<account>:collaboration/<ID>`.

        Returns:
            The collaboration, without a resource in the template; its `env` is the ARN's account
            and Region.

        Raises:
            ValidationError: If the ARN is not well-formed.

        See Also:
            https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
        """
        return existing_arn(_Collaboration, scope, id, collaboration_arn)

    @staticmethod
    def from_lookup(
        scope: Construct, id: str, *, collaboration_identifier: str
    ) -> ILookedUpCollaboration:
        """Import an existing collaboration, and read it while the app is synthesized.

        The CDK CLI reads it through Cloud Control, with the credentials and the bootstrap look-up
        role of the stack's environment, and keeps what it has read in `cdk.context.json`.

        Args:
            scope: The construct that the import belongs to, in a stack whose account and Region
                are known.
            id: The construct's ID in its scope.
            collaboration_identifier: The collaboration's ID, a literal lowercase UUID.

        Returns:
            The collaboration, without a resource in the template. Until the CLI has read it, and
            in unit tests, its name and ARN are well-formed dummies.

        Raises:
            ValidationError: If an argument is not well-formed, or the environment is not known.

        See Also:
            https://docs.aws.amazon.com/cdk/v2/guide/context.html
        """
        collaboration, found = look_up(
            _LookedUp,
            scope,
            id,
            collaboration_identifier,
            lambda environment: {
                "Name": "dummy",
                "Arn": dummy_collaboration(environment)["CollaborationArn"],
            },
        )
        collaboration.name = found["Name"]
        return collaboration

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        description: str,
        creator: AnyMember,
        members: Sequence[Member] = (),
        query_log_enabled: bool = True,
        job_log_enabled: bool = False,
        metrics_enabled: bool = False,
        data_encryption_metadata: DataEncryptionMetadata | None = None,
        auto_approved_change_types: Sequence[AutoApprovedChangeType | str] | None = None,
        allowed_result_regions: Sequence[str] | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> None:
        declaration = Declaration(
            Collaboration,
            scope,
            id,
            name=name,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )
        environment = (
            environment_of(scope) if construct_checks.in_stack(scope) else Environment(None, None)
        )
        description = declaration.check("description", description, _description)
        creator = declaration.check("creator", creator, creator_rule)
        members = declaration.check("members", members, members_rule)
        declaration.report(_agreement_problems(environment, creator, members))
        declaration.report(checks.flag("query_log_enabled", query_log_enabled))
        declaration.report(checks.flag("job_log_enabled", job_log_enabled))
        declaration.report(checks.flag("metrics_enabled", metrics_enabled))
        data_encryption_metadata = declaration.check(
            "data_encryption_metadata", data_encryption_metadata, checks.optional(_encryption)
        )
        auto_approved_change_types = declaration.check(
            "auto_approved_change_types",
            auto_approved_change_types,
            checks.optional(checks.several(AutoApprovedChangeType)),
        )
        allowed_result_regions = declaration.check(
            "allowed_result_regions", allowed_result_regions, checks.optional(_regions)
        )
        declaration.refuse()
        super().__init__(scope, declaration.construct_id)
        resource = CfnCollaboration(
            self,
            "Resource",
            name=declaration.name,
            description=description,
            creator_display_name=creator.display_name,
            creator_member_abilities=list(creator.abilities),
            creator_ml_member_abilities=_ml_abilities(creator),
            creator_payment_configuration=_payment(creator),
            members=[
                CfnCollaboration.MemberSpecificationProperty(
                    account_id=str(member.account_id),
                    display_name=member.display_name,
                    member_abilities=list(member.abilities),
                    ml_member_abilities=_ml_abilities(member),
                    payment_configuration=_payment(member),
                )
                for member in members
            ],
            query_log_status=log_status(query_log_enabled),
            # AWS's default. Stating it would replace a collaboration that was deployed without it.
            job_log_status=log_status(True) if job_log_enabled else None,
            is_metrics_enabled=metrics_enabled or None,
            data_encryption_metadata=None
            if data_encryption_metadata is None
            else CfnCollaboration.DataEncryptionMetadataProperty(**vars(data_encryption_metadata)),
            auto_approved_change_types=auto_approved_change_types,
            allowed_result_regions=allowed_result_regions,
            tags=declaration.tags,
        )
        self.name: str = declaration.name
        terms = Terms(
            creator,
            tuple(members),
            query_log_enabled,
            job_log_enabled,
            metrics_enabled,
            environment,
        )
        publish(self, terms)
        # Retained, unless the deployment that creates it fails and is rolled back.
        retained = None if adopt else RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
        declaration.complete(self, resource, default_removal_policy=retained)
        self._warn(terms)

    def _warn(self, terms: Terms) -> None:
        if not any(each.ml_abilities or _may_receive_results(each) for each in terms.everyone):
            Annotations.of(self).add_warning_v2(
                "cdk-cleanrooms:nobodyReceivesResults",
                "No member of this collaboration can receive results, and a change of abilities"
                " replaces the collaboration. Give CAN_RECEIVE_RESULTS to a member, or acknowledge"
                " this warning.",
            )
        if len(terms.members) > _MEMBER_QUOTA:
            Annotations.of(self).add_warning_v2(
                "cdk-cleanrooms:tooManyMembers",
                f"This collaboration invites more than {_MEMBER_QUOTA} members, which is AWS's"
                " default quota. Request an increase, or acknowledge this warning if you have one.",
            )


def _may_receive_results(member: AnyMember) -> bool:
    return any(
        ability == MemberAbility.CAN_RECEIVE_RESULTS or not checks.is_known(ability)
        for ability in member.abilities
    )


def _ml_abilities(member: AnyMember) -> CfnCollaboration.MLMemberAbilitiesProperty | None:
    abilities = list(member.ml_abilities)
    return (
        CfnCollaboration.MLMemberAbilitiesProperty(custom_ml_member_abilities=abilities)
        if abilities
        else None
    )


def _payment(member: AnyMember) -> Any:
    return payment_configuration(CfnCollaboration, "", member.pays_for)
