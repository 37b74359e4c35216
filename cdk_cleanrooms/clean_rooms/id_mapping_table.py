"""`AWS::CleanRooms::IdMappingTable`, created or imported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import aws_cdk
import jsii
from aws_cdk import IResolvable, IResource, RemovalPolicy
from aws_cdk.aws_cleanrooms import CfnIdMappingTable
from aws_cdk.interfaces.aws_cleanrooms import (
    IdMappingTableReference,
    IIdMappingTableRef,
    IIdNamespaceAssociationRef,
    IMembershipRef,
)
from aws_cdk.interfaces.aws_entityresolution import IIdMappingWorkflowRef
from aws_cdk.interfaces.aws_kms import IKeyRef
from constructs import Construct

from .._core import checks, types
from .._core.access import KEY, key_arn as key_rule, key_problems
from .._core.construct_checks import own_environment
from .._core.declaration import Declaration
from .._core.facts import AssociatedNamespace, MappedNamespaces, facts_about
from .._core.imports import existing, existing_arn, look_up
from .._core.in_membership import InCollaboration, InMembership
from .._core.references import Reference, read_arn
from .._core.schedules import start_on_schedule
from .._core.tags import TagMethods
from .._core.unique import Quota
from .._core.validation import Problem
from .id_mapping_table_grants import IdMappingTableGrants
from .mapped_namespaces import (
    is_other_namespace,
    is_same_namespace,
    note_table,
    type_of_namespace,
)
from .memberships import claim_table_name, names_of_memberships

_ASSOCIATION = Reference(
    "id_namespace_association_ref",
    "id_namespace_association_identifier",
    "attr_id_namespace_association_identifier",
)
_MEMBERSHIP_OF_ASSOCIATION = Reference(
    "id_namespace_association_ref", "membership_identifier", "membership_identifier"
)
_NAME = re.compile(r"[a-zA-Z0-9_](([a-zA-Z0-9_ ]+-)*([a-zA-Z0-9_ ]+))?")
_NAME_LIMIT = 128
# Of the workflow and of the key; other ARNs in Clean Rooms are shorter.
_ARN_LIMIT = 2048
# The actions that a key policy has to allow, and the principal that uses the key.
_KEY_ACTIONS = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]
_KEY_PRINCIPAL = "cleanrooms.amazonaws.com"
_QUOTA = Quota(
    5,
    "cdk-cleanrooms:tooManyIdMappingTables",
    "This app declares more than 5 ID mapping tables in one membership, which is AWS's default"
    " quota. Request an increase, or acknowledge this warning if you have one.",
)

_workflow_arn = checks.arn(
    "an ID mapping workflow",
    "entityresolution",
    re.compile(r"idmappingworkflow/[\w-]{1,255}", re.ASCII),
    "idmappingworkflow/<name>",
    alternative=", or the ID mapping workflow as a construct",
    limit=_ARN_LIMIT,
)


@checks.text("the name, a string")
def _name(value: str) -> Iterator[checks.Fault]:
    yield from checks.length("Name", value, 1, _NAME_LIMIT)
    if value and not _NAME.fullmatch(value):
        yield (
            "NameCharacters",
            "is not the name of an ID mapping table; use letters, digits, underscores, spaces and"
            " single hyphens; a hyphen cannot be the first, second or last character, and a space"
            " cannot be the first",
        )


def _association_problems(
    membership_identifier: str, source: object, target: object
) -> Iterator[Problem]:
    """Yield what is wrong with the associations that a table maps from and to."""
    given = {"source": source, "target": target}
    for property, association in given.items():
        if association is None:
            continue
        if not _ASSOCIATION.accepts(association):
            expected = "an ID namespace association, as a construct"
            yield checks.wrong_type(property, association, expected)
            continue
        other = _MEMBERSHIP_OF_ASSOCIATION.read(association)
        if other != membership_identifier:
            yield from _membership_problems(property, association, other, membership_identifier)
    if _ASSOCIATION.accepts(source) and (source is target or _are_same_import(source, target)):
        message = "this is the same association as source; use the one that the table maps to"
        yield Problem("target", target, message, "SourceIsTarget")


def _agreement_problems(workflow: object, sides: Mapping[str, object]) -> Iterator[Problem]:
    """Yield how associations contradict the side that they are given for, or the workflow."""
    mapped = facts_about(workflow, MappedNamespaces)
    other_side = {"source": "target", "target": "source"}
    for side, association in sides.items():
        associated = facts_about(association, AssociatedNamespace)
        if associated is None:
            continue
        namespace = associated.id_namespace
        type = type_of_namespace(namespace)
        own = getattr(mapped, side, None)
        is_of_other_side = mapped is not None and is_same_namespace(
            namespace, getattr(mapped, other_side[side])
        )
        if is_of_other_side and not is_same_namespace(namespace, own):
            message = (
                f"{checks.shown(association)} associates the {other_side[side]} of the ID mapping"
                f" workflow; pass it as {other_side[side]}"
            )
            yield Problem(side, association, message, "AssociationOfOtherSide")
        elif type == other_side[side].upper():
            message = (
                f"{checks.shown(association)} associates an ID namespace of the type {type}; use"
                f" one of the type {side.upper()}"
            )
            yield Problem(side, association, message, "AssociationOfOtherSide")
        elif mapped is not None and is_other_namespace(namespace, own):
            message = (
                f"{checks.shown(association)} associates {checks.shown(namespace)}, and the ID"
                f" mapping workflow maps {checks.shown(own)}; use the association of that one"
            )
            yield Problem(side, association, message, "NamespaceNotMapped")


def _membership_problems(
    property: str, association: object, other: str, own: str
) -> Iterator[Problem]:
    names = names_of_memberships(other, own)
    if len({*names}) > 1:
        yield Problem(
            property,
            association,
            f"the association belongs to the membership {names[0]!r} and the table to"
            f" {names[1]!r}; use associations of the table's own membership",
            "AssociationOfOtherMembership",
        )


def _are_same_import(source: Any, target: Any) -> bool:
    # Two created associations differ, and their IDs are requests.
    if not isinstance(source, InMembership) or not isinstance(target, InMembership):
        return False
    if isinstance(source, TagMethods) or isinstance(target, TagMethods):
        return False
    return _ASSOCIATION.read(source) == _ASSOCIATION.read(target)


class IIdMappingTable(IResource, IIdMappingTableRef, Protocol):
    """An ID mapping table, created by this app or imported into it."""

    @property
    def id_mapping_table_arn(self) -> str:
        """The ARN of the ID mapping table."""

    @property
    def id_mapping_table_identifier(self) -> str:
        """The ID of the ID mapping table, a UUID."""

    @property
    def membership_arn(self) -> str:
        """The ARN of the membership that the table belongs to."""

    @property
    def membership_identifier(self) -> str:
        """The ID of the membership that the table belongs to, a UUID."""

    @property
    def grants(self) -> IdMappingTableGrants:
        """Grants of permissions on the table."""

    def populate_on(
        self,
        id: str,
        schedule: aws_cdk.aws_scheduler.ScheduleExpression,
        *,
        dead_letter_queue: aws_cdk.aws_sqs.IQueue | None = None,
    ) -> aws_cdk.aws_scheduler.Schedule:
        """Fill the table again and again, on a schedule; see `IdMappingTable.populate_on`.

        Args:
            id: The schedule's ID in the scope of the table.
            schedule: When a job starts.
            dead_letter_queue: The queue that keeps the calls that failed; by default one is
                created.

        Returns:
            The schedule.

        Raises:
            ValidationError: If `id` or `schedule` is not well-formed.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_PopulateIdMappingTable.html
        """


class ILookedUpIdMappingTable(IIdMappingTable, Protocol):
    """An ID mapping table that was read at synthesis."""

    @property
    def name(self) -> str:
        """The name of the ID mapping table."""

    @property
    def collaboration_arn(self) -> str:
        """The ARN of the collaboration that the membership belongs to."""

    @property
    def collaboration_identifier(self) -> str:
        """The ID of the collaboration that the membership belongs to, a UUID."""


@jsii.implements(IIdMappingTableRef)
class _IdMappingTable(InMembership):
    """A table, created or imported."""

    _type = types.ID_MAPPING_TABLE

    @property
    def id_mapping_table_arn(self) -> str:
        """The ARN of the ID mapping table."""
        return self._identity.arn()

    @property
    def id_mapping_table_identifier(self) -> str:
        """The ID of the ID mapping table, a UUID."""
        return self._identity.identifier()

    @property
    def id_mapping_table_ref(self) -> IdMappingTableReference:
        """The reference that the CDK accepts for an ID mapping table."""
        return IdMappingTableReference(
            id_mapping_table_arn=self.id_mapping_table_arn,
            id_mapping_table_identifier=self.id_mapping_table_identifier,
            membership_identifier=self.membership_identifier,
        )

    @property
    def grants(self) -> IdMappingTableGrants:
        """Grants of permissions on the table."""
        return IdMappingTableGrants.from_id_mapping_table(self)

    def populate_on(
        self,
        id: str,
        schedule: aws_cdk.aws_scheduler.ScheduleExpression,
        *,
        dead_letter_queue: aws_cdk.aws_sqs.IQueue | None = None,
    ) -> aws_cdk.aws_scheduler.Schedule:
        """Fill the table again and again, on a schedule of EventBridge Scheduler.

        The schedule calls `PopulateIdMappingTable` with a role that can do this with this table
        only. If a call fails, for example because another job is running, it is repeated up to
        three times within an hour. After that, it is sent to the dead-letter queue.

        Args:
            id: The schedule's ID in the scope of the table.
            schedule: When a job starts, such as `ScheduleExpression.cron(hour="2", minute="0")`.
            dead_letter_queue: The Amazon SQS queue that keeps the calls that failed. By default a
                queue is created that keeps them for 14 days.

        Returns:
            The schedule.

        Raises:
            ValidationError: If `id` is not a construct's ID, or if `schedule` is not a
                `ScheduleExpression`.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_PopulateIdMappingTable.html
        """
        return start_on_schedule(
            self,
            id,
            schedule,
            dead_letter_queue,
            operation="cleanrooms:populateIdMappingTable",
            parameters=lambda: {
                "IdMappingTableIdentifier": self.id_mapping_table_identifier,
                "MembershipIdentifier": self.membership_identifier,
            },
            grant=self.grants.populate,
        )


class _LookedUp(InCollaboration, _IdMappingTable):
    """An existing table, with the properties that were read at synthesis."""

    name: str


class IdMappingTable(TagMethods, InCollaboration, _IdMappingTable):
    """A table in a Clean Rooms membership that maps IDs of one ID namespace to those of another.

    The table is created empty. Populating it takes hours and is not part of a deployment: call
    `PopulateIdMappingTable`, which `grants.populate` permits, or let `populate_on` do it on a
    schedule.

    A change of `description`, `encryption_key` and tags updates the table in place. A change of
    any other property replaces it, and the new table is empty. If the membership stays the same,
    such a change also needs a new `name`, because CloudFormation creates the replacement before it
    deletes the old table, and names are unique in a membership.

    Args:
        scope: The construct that the table belongs to.
        id: The construct's ID in its scope.
        membership: The membership, as a construct such as `Membership` or `CfnMembership`, or its
            ID, a lowercase UUID.
        id_mapping_workflow: The ID mapping workflow, as a construct such as `IdMappingWorkflow` or
            `CfnIdMappingWorkflow`, or its ARN.
        name: The table's name in queries, 1 to 128 letters, digits, underscores, spaces and single
            hyphens; unique in the membership.
        source: The association of the ID namespace that the table maps from. Both associations must
            exist before the table, but no property of the table refers to them, so the library adds
            a dependency. None by default. Omit it if the association already exists.
        target: The association of the ID namespace that the table maps to. None by default.
        description: A description, at most 255 characters, which may have line breaks. None by
            default.
        manage_resource_policies: Whether Clean Rooms adds the permission it needs to the workflow's
            resource policy. True by default. If False, the owner of the workflow must add it.
        encryption_key: The KMS key that encrypts the table, as a construct or its ARN. If it is a
            `Key` of this app, the library allows Clean Rooms to use it in the key policy. The owner
            of any other key must add this permission. By default Clean Rooms uses a key of its own.
        tags: The tags, as a mapping of keys to values, at most 50. A key has 1 to 128 characters
            and does not begin with `aws:`. A value has 1 to 256 characters. None by default.
        removal_policy: What happens to the table when it leaves the stack. By default it is
            deleted, or retained if it is adopted. `SNAPSHOT` is not supported.
        adopt: The ID of an existing table to adopt, as a literal UUID. `membership` must then be a
            literal ID. If True, the command `cdk-cleanrooms adopt` adopts the table with this name
            in this membership, if it exists. `name` must then be literal, and `membership` must be
            a literal ID or a construct. The stack cannot be a nested stack. Synthesis writes the
            resource mapping for `cdk import` beside the stack's template, as
            `<artifact ID of the stack>.import.json`. None by default. Before you remove the
            argument, set `removal_policy`. Otherwise the next deployment allows the stack to delete
            the table.

    Raises:
        ValidationError: If AWS would refuse an argument; it reports all problems at once.

    See Also:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cleanrooms-idmappingtable.html
    """

    @staticmethod
    def from_existing(
        scope: Construct,
        id: str,
        *,
        membership: IMembershipRef | str,
        id_mapping_table_identifier: str,
    ) -> IIdMappingTable:
        """Import an existing table by its ID.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            membership: The membership, as a construct or its ID, a lowercase UUID.
            id_mapping_table_identifier: The table's ID, a lowercase UUID.

        Returns:
            The table, without a resource in the template. If you pass the ID
            of a membership, the membership is assumed to be in the stack's account and Region.

        Raises:
            ValidationError: If an argument is not well-formed.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_GetIdMappingTable.html
        """
        return existing(
            _IdMappingTable, scope, id, id_mapping_table_identifier, membership=membership
        )

    @staticmethod
    def from_id_mapping_table_arn(
        scope: Construct, id: str, id_mapping_table_arn: str
    ) -> IIdMappingTable:
        """Import an existing table by its ARN.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            id_mapping_table_arn: Its ARN, at most 256 characters:
                `arn:aws:cleanrooms:<region>:<account>:membership/<ID>/idmappingtable/<ID>`.

        Returns:
            The table, without a resource in the template; its `env` is the ARN's account and
            Region.

        Raises:
            ValidationError: If the ARN is not well-formed.

        See Also:
            https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
        """
        return existing_arn(_IdMappingTable, scope, id, id_mapping_table_arn)

    @staticmethod
    def from_lookup(
        scope: Construct, id: str, *, membership_identifier: str, id_mapping_table_identifier: str
    ) -> ILookedUpIdMappingTable:
        """Import an existing table, and read it while the app is synthesized.

        The CDK CLI reads it through Cloud Control, with the credentials and the bootstrap look-up
        role of the stack's environment, and keeps what it has read in `cdk.context.json`.

        Args:
            scope: The construct that the import belongs to, in a stack whose account and Region
                are known.
            id: The construct's ID in its scope.
            membership_identifier: The membership's ID, a literal lowercase UUID.
            id_mapping_table_identifier: The table's ID, a literal lowercase UUID.

        Returns:
            The table, without a resource in the template. Until the CLI has read it, and in unit
            tests, its name and collaboration are well-formed dummies.

        Raises:
            ValidationError: If an argument is not well-formed, or the environment is not known.

        See Also:
            https://docs.aws.amazon.com/cdk/v2/guide/context.html
        """
        table, found = look_up(
            _LookedUp,
            scope,
            id,
            id_mapping_table_identifier,
            lambda _: {"Name": "dummy"},
            membership_identifier=membership_identifier,
        )
        table.name = found["Name"]
        return table

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        membership: IMembershipRef | str,
        id_mapping_workflow: IIdMappingWorkflowRef | str,
        name: str,
        source: IIdNamespaceAssociationRef | None = None,
        target: IIdNamespaceAssociationRef | None = None,
        description: str | None = None,
        manage_resource_policies: bool | IResolvable = True,
        encryption_key: IKeyRef | str | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> None:
        declaration = Declaration(
            IdMappingTable,
            scope,
            id,
            name=name,
            name_rule=_name,
            membership=membership,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )
        workflow_arn = declaration.check(
            "id_mapping_workflow",
            read_arn(types.ID_MAPPING_WORKFLOW, scope, id_mapping_workflow),
            own_environment(
                scope,
                _workflow_arn,
                "a member can only use ID mapping workflows",
                id_mapping_workflow,
            ),
        )
        declaration.report(_association_problems(declaration.membership_identifier, source, target))
        sides = {"source": source, "target": target}
        declaration.report(_agreement_problems(id_mapping_workflow, sides))
        description = declaration.check(
            "description", description, checks.optional(checks.description)
        )
        manage_resource_policies = declaration.check(
            "manage_resource_policies", manage_resource_policies, checks.boolean
        )
        key_arn = declaration.check(
            "encryption_key", KEY.read(encryption_key), checks.optional(key_rule)
        )
        declaration.report(key_problems("encryption_key", encryption_key, scope))
        declaration.refuse()
        super().__init__(scope, declaration.construct_id)
        resource = CfnIdMappingTable(
            self,
            "Resource",
            membership_identifier=declaration.membership_identifier,
            input_reference_config=CfnIdMappingTable.IdMappingTableInputReferenceConfigProperty(
                input_reference_arn=workflow_arn,
                manage_resource_policies=manage_resource_policies,
            ),
            name=declaration.name,
            description=description,
            kms_key_arn=key_arn,
            tags=declaration.tags,
        )
        self.name: str = declaration.name
        associations = [each for each in (source, target) if each is not None]
        if associations:
            self.node.add_dependency(*associations)
        _allow_use_of(encryption_key)
        declaration.complete(self, resource, quota=_QUOTA)
        note_table(self, membership, facts_about(id_mapping_workflow, MappedNamespaces), sides)
        claim_table_name(
            self, scope, membership, declaration.membership_identifier, declaration.name
        )


def _allow_use_of(encryption_key: object) -> None:
    # The ARN of a key and a `CfnKey` have no such method. An imported key ignores the statement.
    if hasattr(encryption_key, "add_to_resource_policy"):
        from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal

        encryption_key.add_to_resource_policy(
            PolicyStatement(
                actions=_KEY_ACTIONS,
                principals=[ServicePrincipal(_KEY_PRINCIPAL)],
                resources=["*"],
            )
        )
