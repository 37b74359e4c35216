"""`AWS::CleanRooms::IdNamespaceAssociation`, created or imported."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from functools import cache, cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, Protocol

import jsii
from aws_cdk import (
    Annotations,
    CfnTag,
    ContextProvider,
    Fn,
    IResource,
    RemovalPolicy,
    Resource,
    Tags,
)
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation
from aws_cdk.interfaces.aws_cleanrooms import (
    IdNamespaceAssociationReference,
    IIdNamespaceAssociationRef,
    IMembershipRef,
)
from aws_cdk.interfaces.aws_entityresolution import IIdNamespaceRef
from constructs import Construct

from ._core import adoption, references, rules
from ._core.environment import environment_of
from ._core.validation import refuse

if TYPE_CHECKING:
    from .id_namespace_association_grants import IdNamespaceAssociationGrants

# What the CDK gives the removal of a tag; a tag that shall come back has to match it.
_PRIORITY_OF_REMOVALS = 200


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
class _IdNamespaceAssociationBase(Resource):
    """What a created and an imported association have in common."""

    @property
    @abstractmethod
    def id_namespace_association_arn(self) -> str:
        """The ARN of the ID namespace association."""

    @property
    @abstractmethod
    def id_namespace_association_identifier(self) -> str:
        """The ID of the ID namespace association, a UUID."""

    @property
    @abstractmethod
    def membership_arn(self) -> str:
        """The ARN of the membership that the association belongs to."""

    @property
    @abstractmethod
    def membership_identifier(self) -> str:
        """The ID of the membership that the association belongs to, as it was given."""

    @property
    def id_namespace_association_ref(self) -> IdNamespaceAssociationReference:
        """What the CDK takes wherever it wants a reference to an ID namespace association."""
        return IdNamespaceAssociationReference(
            id_namespace_association_arn=self.id_namespace_association_arn,
            id_namespace_association_identifier=self.id_namespace_association_identifier,
            membership_identifier=self.membership_identifier,
        )

    @property
    def grants(self) -> IdNamespaceAssociationGrants:
        """Grants of permissions on the association."""
        # Not at the top: IAM takes time to load, and an app may do without it.
        from .id_namespace_association_grants import IdNamespaceAssociationGrants

        return IdNamespaceAssociationGrants.from_id_namespace_association(self)


class _ImportedByIdentifier(_IdNamespaceAssociationBase):
    """An existing association, known by its membership and its ID."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        membership: IMembershipRef | str,
        id_namespace_association_identifier: str,
    ) -> None:
        membership_identifier = references.membership_identifier(membership)
        refuse(
            scope,
            id,
            chain(
                rules.scope("scope", scope),
                rules.construct_id("id", id),
                rules.membership_identifier("membership", membership_identifier),
                rules.id_namespace_association_identifier(
                    "id_namespace_association_identifier", id_namespace_association_identifier
                ),
            ),
        )
        super().__init__(scope, id)
        self._scope = scope
        self._membership = membership
        self._membership_identifier = membership_identifier
        self._identifier = id_namespace_association_identifier

    @property
    def membership_identifier(self) -> str:
        return self._membership_identifier

    @property
    def membership_arn(self) -> str:
        return references.membership_arn(self._scope, self._membership)

    @property
    def id_namespace_association_identifier(self) -> str:
        return self._identifier

    @property
    def id_namespace_association_arn(self) -> str:
        return f"{self.membership_arn}/idnamespaceassociation/{self._identifier}"


class _LookedUp(_ImportedByIdentifier):
    """An existing association, with what was read of it at synthesis."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        membership_identifier: str,
        id_namespace_association_identifier: str,
        found: Mapping[str, str],
    ) -> None:
        super().__init__(
            scope,
            id,
            membership=membership_identifier,
            id_namespace_association_identifier=id_namespace_association_identifier,
        )
        self.name = found["Name"]
        self.collaboration_arn = found["CollaborationArn"]
        self.collaboration_identifier = found["CollaborationIdentifier"]


class _ImportedByArn(_IdNamespaceAssociationBase):
    """An existing association, known by its ARN, whose account and Region are its own."""

    def __init__(self, scope: Construct, id: str, id_namespace_association_arn: str) -> None:
        refuse(
            scope,
            id,
            chain(
                rules.scope("scope", scope),
                rules.construct_id("id", id),
                rules.id_namespace_association_arn(
                    "id_namespace_association_arn", id_namespace_association_arn
                ),
            ),
        )
        super().__init__(scope, id, environment_from_arn=id_namespace_association_arn)
        self._arn = id_namespace_association_arn

    @property
    def id_namespace_association_arn(self) -> str:
        return self._arn

    @property
    def id_namespace_association_identifier(self) -> str:
        return self._parts[3]

    @property
    def membership_arn(self) -> str:
        return "/".join(self._parts[:2])

    @property
    def membership_identifier(self) -> str:
        return self._parts[1]

    @cached_property
    def _parts(self) -> list[str]:
        arn = self._arn
        if rules.is_token(arn):
            parts = Fn.split("/", arn)
            return [Fn.select(index, parts) for index in range(4)]
        return arn.split("/")


class IdNamespaceAssociation(_IdNamespaceAssociationBase):
    """An association of an Entity Resolution ID namespace with a Clean Rooms membership.

    A change of `name`, `description`, `allow_use_as_dimension_column` and tags updates it in
    place. A change of `membership`, `id_namespace` or `manage_resource_policies` replaces it, and
    needs a new `name` if the membership stays: CloudFormation creates the replacement before it
    deletes the old one, and a membership takes each name once.

    Tags compose with `Tags.of(scope)` as those of any resource. Tags from an outer scope are
    checked by the CDK's own template validation only.

    Args:
        scope: The construct that the association belongs to.
        id: The construct's ID in its scope.
        membership: The membership, as a construct such as `CfnMembership`, or its ID, a lowercase
            UUID.
        id_namespace: The ID namespace, as a construct such as `CfnIdNamespace`, or its ARN. It is
            the member's own: of the account and Region that the association is deployed to.
        name: The association's name, 1 to 100 characters on one line, not all white space, none
            outside the Basic Multilingual Plane; unique in the membership.
        description: A description, at most 255 characters, which may have line breaks. None by
            default.
        manage_resource_policies: Whether Clean Rooms adds the permission it needs to the ID
            namespace's resource policy. True by default; if False, the ID namespace's owner does.
        allow_use_as_dimension_column: Whether the column of the ID mapping table may be used as a
            dimension in queries. By default nothing is said of it, which the service takes as
            False.
        tags: Tags as keys and values, at most 50; a key has 1 to 128 characters and does not
            begin with `aws:`, a value has 1 to 256. None by default.
        removal_policy: What happens to the association when it leaves the stack. By default it is
            deleted, or retained if it is adopted. `SNAPSHOT` is not possible.
        adopt: The ID of an existing association that this construct takes over, a literal UUID;
            `membership` is a literal ID then, and the stack not a nested one. Synthesis writes the
            resource mapping for `cdk import` beside the stack's template, as
            `<artifact ID of the stack>.import.json`. None by default. When it is taken out later,
            `removal_policy` has to be given if the association shall be retained.

    Raises:
        ValidationError: If AWS would refuse an argument; it tells all that is wrong at once.

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
        """Import an association that exists and stays as it is.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            membership: The membership, as a construct or its ID, a lowercase UUID.
            id_namespace_association_identifier: The association's ID, a lowercase UUID.

        Returns:
            The association, without a resource in the template. Given a membership's ID, it is
            taken to be in the stack's account and Region.

        Raises:
            ValidationError: If an argument is not well-formed.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_GetIdNamespaceAssociation.html
        """
        return _ImportedByIdentifier(
            scope,
            id,
            membership=membership,
            id_namespace_association_identifier=id_namespace_association_identifier,
        )

    @staticmethod
    def from_id_namespace_association_arn(
        scope: Construct, id: str, id_namespace_association_arn: str
    ) -> IIdNamespaceAssociation:
        """Import an association that exists and stays as it is, from its ARN.

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
        return _ImportedByArn(scope, id, id_namespace_association_arn)

    @staticmethod
    def from_lookup(
        scope: Construct,
        id: str,
        *,
        membership_identifier: str,
        id_namespace_association_identifier: str,
    ) -> ILookedUpIdNamespaceAssociation:
        """Import an association that exists, and read it while the app is synthesized.

        The CDK CLI reads it through Cloud Control, with the credentials and the bootstrap look-up
        role of the stack's environment, and keeps what it read in `cdk.context.json`.

        Args:
            scope: The construct that the import belongs to, in a stack whose account and Region
                are known.
            id: The construct's ID in its scope.
            membership_identifier: The membership's ID, a literal lowercase UUID.
            id_namespace_association_identifier: The association's ID, a literal lowercase UUID.

        Returns:
            The association, without a resource in the template. Where the CLI has not read it
            yet, as in unit tests, its name and collaboration are well-formed dummies.

        Raises:
            ValidationError: If an argument is not well-formed, or the environment is not known.

        See Also:
            https://docs.aws.amazon.com/cdk/v2/guide/context.html
        """
        refuse(
            scope,
            id,
            chain(
                rules.scope_of_lookup("scope", scope),
                rules.construct_id("id", id),
                rules.literal(rules.membership_identifier)(
                    "membership_identifier", membership_identifier
                ),
                rules.literal(rules.id_namespace_association_identifier)(
                    "id_namespace_association_identifier", id_namespace_association_identifier
                ),
            ),
        )
        environment = environment_of(scope)
        collaboration = "00000000-0000-0000-0000-000000000000"
        collaboration_arn = (
            f"arn:aws:cleanrooms:{environment.region}:{environment.account}"
            f":collaboration/{collaboration}"
        )
        dummy = {
            "Name": "dummy",
            "CollaborationArn": collaboration_arn,
            "CollaborationIdentifier": collaboration,
        }
        (found,) = ContextProvider.get_value(
            scope,
            provider="cc-api-provider",
            props={
                "typeName": "AWS::CleanRooms::IdNamespaceAssociation",
                "exactIdentifier": (
                    f"{id_namespace_association_identifier}|{membership_identifier}"
                ),
                "propertiesToReturn": list(dummy),
            },
            dummy_value=[dummy],
        ).value
        return _LookedUp(
            scope,
            id,
            membership_identifier=membership_identifier,
            id_namespace_association_identifier=id_namespace_association_identifier,
            found=found,
        )

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        membership: IMembershipRef | str,
        id_namespace: IIdNamespaceRef | str,
        name: str,
        description: str | None = None,
        manage_resource_policies: bool = True,
        allow_use_as_dimension_column: bool | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | None = None,
    ) -> None:
        adoption.forget_earlier_synthesis()
        membership_identifier = references.membership_identifier(membership)
        id_namespace_arn = references.id_namespace_arn(id_namespace)
        identifier = None
        membership_rule = rules.membership_identifier
        if adopt is not None:
            membership_rule = rules.literal(membership_rule)
            identifier = {
                "IdNamespaceAssociationIdentifier": adopt,
                "MembershipIdentifier": membership_identifier,
            }
        refuse(
            scope,
            id,
            chain(
                rules.scope("scope", scope),
                rules.construct_id("id", id),
                membership_rule("membership", membership_identifier),
                rules.own_id_namespace_arn(scope)("id_namespace", id_namespace_arn),
                rules.name("name", name),
                rules.optional(rules.description)("description", description),
                rules.boolean("manage_resource_policies", manage_resource_policies),
                rules.optional(rules.boolean)(
                    "allow_use_as_dimension_column", allow_use_as_dimension_column
                ),
                rules.optional(rules.tags)("tags", tags),
                rules.optional(rules.removal_policy)("removal_policy", removal_policy),
                rules.optional(rules.literal(rules.id_namespace_association_identifier))(
                    "adopt", adopt
                ),
                adoption.problems("adopt", scope, identifier),
            ),
        )
        super().__init__(scope, id)
        self._membership_identifier = membership_identifier
        resource = CfnIdNamespaceAssociation(
            self,
            "Resource",
            membership_identifier=membership_identifier,
            input_reference_config=(
                CfnIdNamespaceAssociation.IdNamespaceAssociationInputReferenceConfigProperty(
                    input_reference_arn=id_namespace_arn,
                    manage_resource_policies=manage_resource_policies,
                )
            ),
            name=name,
            description=description,
            id_mapping_config=(
                None
                if allow_use_as_dimension_column is None
                else CfnIdNamespaceAssociation.IdMappingConfigProperty(
                    allow_use_as_dimension_column=allow_use_as_dimension_column
                )
            ),
            tags=[CfnTag(key=key, value=value) for key, value in tags.items()] if tags else None,
        )
        # Each attribute is a request to the CDK's process, and the answer stays the same.
        self._attribute: Callable[[str], str] = cache(partial(getattr, resource))
        if identifier is not None:
            adoption.add(resource, scope, identifier)
            removal_policy = removal_policy or RemovalPolicy.RETAIN
        if removal_policy is not None:
            resource.apply_removal_policy(removal_policy)
        self._tag_keys: set[str] = set()
        self._removed_tag_keys: set[str] = set()
        self._note_tag_keys(*(tags or ()))

    @property
    def id_namespace_association_arn(self) -> str:
        """The ARN of the ID namespace association."""
        return self._attribute("attr_arn")

    @property
    def id_namespace_association_identifier(self) -> str:
        """The ID of the ID namespace association, a UUID."""
        return self._attribute("attr_id_namespace_association_identifier")

    @property
    def membership_arn(self) -> str:
        """The ARN of the membership that the association belongs to."""
        return self._attribute("attr_membership_arn")

    @property
    def membership_identifier(self) -> str:
        """The ID of the membership that the association belongs to, as it was given."""
        return self._membership_identifier

    @property
    def collaboration_arn(self) -> str:
        """The ARN of the collaboration that the membership belongs to."""
        return self._attribute("attr_collaboration_arn")

    @property
    def collaboration_identifier(self) -> str:
        """The ID of the collaboration that the membership belongs to, a UUID."""
        return self._attribute("attr_collaboration_identifier")

    def add_tag(self, key: str, value: str) -> None:
        """Add a tag, or change the value of one, as `Tags.of(self).add` does.

        It wins over `tags` at construction, over tags of an outer scope, and over an earlier
        `remove_tag`.

        Args:
            key: 1 to 128 characters that do not begin with `aws:`.
            value: 1 to 256 characters.

        Raises:
            ValidationError: If AWS would refuse the tag, or it is one more than the 50 possible.

        See Also:
            https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
        """
        refuse(
            self,
            None,
            chain(
                rules.tag_key("key", key),
                rules.tag_value("value", value),
                rules.one_more_tag("key", key, self._tag_keys),
            ),
        )
        removed = key in self._removed_tag_keys
        Tags.of(self).add(key, value, priority=_PRIORITY_OF_REMOVALS if removed else None)
        self._note_tag_keys(key)

    def remove_tag(self, key: str) -> None:
        """Remove a tag, wherever it comes from, as `Tags.of(self).remove` does.

        Args:
            key: The tag's key. It is no error if there is no such tag.

        Raises:
            ValidationError: If the key cannot be one.
        """
        refuse(self, None, rules.tag_key("key", key))
        Tags.of(self).remove(key)
        self._tag_keys.discard(key)
        self._removed_tag_keys.add(key)

    def _note_tag_keys(self, *keys: str) -> None:
        self._tag_keys.update(keys)
        for alike in rules.keys_alike(self._tag_keys):
            Annotations.of(self).add_warning_v2(
                "cdk-cleanrooms:tagKeysDifferOnlyInCase",
                f"The tag keys {', '.join(alike)} differ only in case: AWS keeps them apart, and"
                " cost reports and policies mostly mean one of them. Use one spelling.",
            )
