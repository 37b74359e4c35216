"""`AWS::CleanRooms::IdNamespaceAssociation`, created or imported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import jsii
from aws_cdk import IResolvable, IResource, RemovalPolicy
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation
from aws_cdk.interfaces.aws_cleanrooms import (
    IdNamespaceAssociationReference,
    IIdNamespaceAssociationRef,
    IMembershipRef,
)
from aws_cdk.interfaces.aws_entityresolution import IIdNamespaceRef
from constructs import Construct

from .._core import checks, construct_checks, types
from .._core.declaration import Declaration
from .._core.facts import AssociatedNamespace, publish
from .._core.imports import existing, existing_arn, look_up
from .._core.in_membership import InCollaboration, InMembership
from .._core.references import arn_of
from .._core.tags import TagMethods
from .._core.unique import Quota
from .._core.validation import Problem
from .id_namespace_association_grants import IdNamespaceAssociationGrants
from .mapped_namespaces import note_association

_ID_NAMESPACE = arn_of(types.ID_NAMESPACE)
_NAME_IN_ARN = re.compile(r"idnamespace/[\w-]+", re.ASCII)
_SHORTEST_REGION = "us-east-1"
_QUOTA = Quota(
    10,
    "cdk-cleanrooms:tooManyIdNamespaceAssociations",
    "This app declares more than 10 ID namespace associations in one membership, which is AWS's"
    " default quota. Request an increase, or acknowledge this warning if you have one.",
)


def _long_arn_problems(namespace: Any) -> Iterator[Problem]:
    """Yield that the ARN of an ID namespace of this app is too long for an association."""
    name = getattr(namespace, "name", None) if isinstance(namespace, TagMethods) else None
    if not isinstance(name, str) or not checks.is_known(name):
        return
    region = construct_checks.place_of(namespace).region or _SHORTEST_REGION
    length = len(f"arn:aws:entityresolution:{region}:{'0' * 12}:idnamespace/{name}")
    if length > checks.ARN_LIMIT:
        message = (
            f"the ARN of {checks.shown(namespace)} has at least {length} characters, and an"
            f" association takes at most {checks.ARN_LIMIT}; use a shorter name for it"
        )
        yield Problem("id_namespace", namespace, message, "ArnLength")


@checks.text("the ARN of the ID namespace, a string, or the ID namespace as a construct")
def _id_namespace_arn(value: str) -> Iterator[checks.Fault]:
    name = value.strip().removeprefix("idnamespace/")
    if _NAME_IN_ARN.fullmatch(f"idnamespace/{name}") and not checks.IDENTIFIER.search(name.lower()):
        right = f"arn:aws:entityresolution:<region>:<account>:idnamespace/{name}"
        message = f"is not an ARN but looks like the name of an ID namespace; use {right!r}"
        yield "IdNamespaceArnMalformed", message
    else:
        yield from checks.arn_problems(
            value, "an ID namespace", "entityresolution", _NAME_IN_ARN, "idnamespace/<name>"
        )


class IIdNamespaceAssociation(IResource, IIdNamespaceAssociationRef, Protocol):
    """An ID namespace association, created by this app or imported into it."""

    @property
    def id_namespace_association_arn(self) -> str:
        """The ARN of the ID namespace association."""

    @property
    def id_namespace_association_identifier(self) -> str:
        """The ID of the ID namespace association, a UUID."""

    @property
    def membership_arn(self) -> str:
        """The ARN of the membership that the association belongs to."""

    @property
    def membership_identifier(self) -> str:
        """The ID of the membership that the association belongs to, a UUID."""

    @property
    def grants(self) -> IdNamespaceAssociationGrants:
        """Grants of permissions on the association."""


class ILookedUpIdNamespaceAssociation(IIdNamespaceAssociation, Protocol):
    """An ID namespace association that was read at synthesis."""

    @property
    def name(self) -> str:
        """The name of the ID namespace association."""

    @property
    def collaboration_arn(self) -> str:
        """The ARN of the collaboration that the membership belongs to."""

    @property
    def collaboration_identifier(self) -> str:
        """The ID of the collaboration that the membership belongs to, a UUID."""


@jsii.implements(IIdNamespaceAssociationRef)
class _IdNamespaceAssociation(InMembership):
    """An association, created or imported."""

    _type = types.ID_NAMESPACE_ASSOCIATION

    @property
    def id_namespace_association_arn(self) -> str:
        """The ARN of the ID namespace association."""
        return self._identity.arn()

    @property
    def id_namespace_association_identifier(self) -> str:
        """The ID of the ID namespace association, a UUID."""
        return self._identity.identifier()

    @property
    def id_namespace_association_ref(self) -> IdNamespaceAssociationReference:
        """The reference that the CDK accepts for an ID namespace association."""
        return IdNamespaceAssociationReference(
            id_namespace_association_arn=self.id_namespace_association_arn,
            id_namespace_association_identifier=self.id_namespace_association_identifier,
            membership_identifier=self.membership_identifier,
        )

    @property
    def grants(self) -> IdNamespaceAssociationGrants:
        """Grants of permissions on the association."""
        return IdNamespaceAssociationGrants.from_id_namespace_association(self)


class _LookedUp(InCollaboration, _IdNamespaceAssociation):
    """An existing association, with the properties that were read at synthesis."""

    name: str


class IdNamespaceAssociation(TagMethods, InCollaboration, _IdNamespaceAssociation):
    """An association of an Entity Resolution ID namespace with a Clean Rooms membership.

    A change of `name`, `description`, `allow_use_as_dimension_column` and tags updates it in
    place. A change of `membership`, `id_namespace` or `manage_resource_policies` replaces it. If
    the membership stays the same, such a change also needs a new `name`, because CloudFormation
    creates the replacement before it deletes the old association, and names are unique in a
    membership.

    `Tags.of(scope)` applies to the association as to any resource. Only the CDK's own template
    validation checks tags from an outer scope.

    Args:
        scope: The construct that the association belongs to.
        id: The construct's ID in its scope.
        membership: The membership, as a construct such as `Membership` or `CfnMembership`, or its
            ID, a lowercase UUID.
        id_namespace: The ID namespace, as a construct such as `IdNamespace` or `CfnIdNamespace`,
            or its ARN. It must be in the account and Region that the association is deployed to.
        name: The association's name, 1 to 100 characters on one line. It must be unique in the
            membership and must not consist only of white space. Characters outside the Basic
            Multilingual Plane are not allowed.
        description: A description, at most 255 characters. Line breaks are allowed. None by
            default.
        manage_resource_policies: Whether Clean Rooms adds the permission it needs to the ID
            namespace's resource policy. True by default. If False, the owner of the ID namespace
            must add it.
        allow_use_as_dimension_column: Whether queries can use the column of the ID mapping table
            as a dimension. Not set by default; the service then uses False.
        tags: The tags, as a mapping of keys to values, at most 50. A key has 1 to 128 characters
            and does not begin with `aws:`. A value has 1 to 256 characters. None by default.
        removal_policy: What happens to the association when it leaves the stack. By default it is
            deleted, or retained if it is adopted. `SNAPSHOT` is not supported.
        adopt: The ID of an existing association to adopt, as a literal UUID. `membership` must then
            be a literal ID. If True, the command `cdk-cleanrooms adopt` adopts the association with
            this name in this membership, if it exists. `name` must then be literal, and
            `membership` must be a literal ID or a construct. The stack cannot be a nested stack.
            Synthesis writes the resource mapping for `cdk import` beside the stack's template, as
            `<artifact ID of the stack>.import.json`. None by default. Before you remove the
            argument, set `removal_policy`. Otherwise the next deployment allows the stack to delete
            the association.

    Raises:
        ValidationError: If AWS would refuse an argument; it reports all problems at once.

    See Also:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cleanrooms-idnamespaceassociation.html
    """

    @staticmethod
    def from_existing(
        scope: Construct,
        id: str,
        *,
        membership: IMembershipRef | str,
        id_namespace_association_identifier: str,
    ) -> IIdNamespaceAssociation:
        """Import an existing association by its ID.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            membership: The membership, as a construct or its ID, a lowercase UUID.
            id_namespace_association_identifier: The association's ID, a lowercase UUID.

        Returns:
            The association, without a resource in the template. If you pass the
            ID of a membership, the membership is assumed to be in the stack's account and Region.

        Raises:
            ValidationError: If an argument is not well-formed.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_GetIdNamespaceAssociation.html
        """
        return existing(
            _IdNamespaceAssociation,
            scope,
            id,
            id_namespace_association_identifier,
            membership=membership,
        )

    @staticmethod
    def from_id_namespace_association_arn(
        scope: Construct, id: str, id_namespace_association_arn: str
    ) -> IIdNamespaceAssociation:
        """Import an existing association by its ARN.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            id_namespace_association_arn: Its ARN, at most 256 characters:
                `arn:aws:cleanrooms:<region>:<account>:membership/<ID>/idnamespaceassociation/<ID>`.

        Returns:
            The association, without a resource in the template; its `env` is the ARN's account
            and Region.

        Raises:
            ValidationError: If the ARN is not well-formed.

        See Also:
            https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
        """
        return existing_arn(_IdNamespaceAssociation, scope, id, id_namespace_association_arn)

    @staticmethod
    def from_lookup(
        scope: Construct,
        id: str,
        *,
        membership_identifier: str,
        id_namespace_association_identifier: str,
    ) -> ILookedUpIdNamespaceAssociation:
        """Import an existing association, and read it while the app is synthesized.

        The CDK CLI reads it through Cloud Control, with the credentials and the bootstrap look-up
        role of the stack's environment, and keeps what it has read in `cdk.context.json`.

        Args:
            scope: The construct that the import belongs to, in a stack whose account and Region
                are known.
            id: The construct's ID in its scope.
            membership_identifier: The membership's ID, a literal lowercase UUID.
            id_namespace_association_identifier: The association's ID, a literal lowercase UUID.

        Returns:
            The association, without a resource in the template. Until the CLI has read it, and in
            unit tests, its name and collaboration are well-formed dummies.

        Raises:
            ValidationError: If an argument is not well-formed, or the environment is not known.

        See Also:
            https://docs.aws.amazon.com/cdk/v2/guide/context.html
        """
        association, found = look_up(
            _LookedUp,
            scope,
            id,
            id_namespace_association_identifier,
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
        id_namespace: IIdNamespaceRef | str,
        name: str,
        description: str | None = None,
        manage_resource_policies: bool | IResolvable = True,
        allow_use_as_dimension_column: bool | IResolvable | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> None:
        declaration = Declaration(
            IdNamespaceAssociation,
            scope,
            id,
            name=name,
            membership=membership,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )
        id_namespace_arn = declaration.check(
            "id_namespace",
            _ID_NAMESPACE.read(id_namespace),
            construct_checks.own_environment(
                scope, _id_namespace_arn, "a member can only use ID namespaces", id_namespace
            ),
        )
        declaration.report(_long_arn_problems(id_namespace))
        description = declaration.check(
            "description", description, checks.optional(checks.description)
        )
        manage_resource_policies = declaration.check(
            "manage_resource_policies", manage_resource_policies, checks.boolean
        )
        allow_use_as_dimension_column = declaration.check(
            "allow_use_as_dimension_column",
            allow_use_as_dimension_column,
            checks.optional(checks.boolean),
        )
        declaration.refuse()
        super().__init__(scope, declaration.construct_id)
        resource = CfnIdNamespaceAssociation(
            self,
            "Resource",
            membership_identifier=declaration.membership_identifier,
            input_reference_config=(
                CfnIdNamespaceAssociation.IdNamespaceAssociationInputReferenceConfigProperty(
                    input_reference_arn=id_namespace_arn,
                    manage_resource_policies=manage_resource_policies,
                )
            ),
            name=declaration.name,
            description=description,
            id_mapping_config=(
                None
                if allow_use_as_dimension_column is None
                else CfnIdNamespaceAssociation.IdMappingConfigProperty(
                    allow_use_as_dimension_column=allow_use_as_dimension_column
                )
            ),
            tags=declaration.tags,
        )
        self.name: str = declaration.name
        publish(self, AssociatedNamespace(id_namespace))
        note_association(self, membership, id_namespace)
        declaration.complete(self, resource, quota=_QUOTA)
