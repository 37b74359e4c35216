"""What an argument stands for that takes a resource as a construct or as its identifier.

The CDK's own constructs are asked for one attribute, as their `…Ref` would cost three requests.
What is neither a construct nor a string is handed on as it is, for a rule to refuse.
"""

from __future__ import annotations

from typing import Any, cast
from weakref import WeakKeyDictionary

from aws_cdk import Fn, Stack
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation, CfnMembership
from aws_cdk.interfaces.aws_cleanrooms import IIdNamespaceAssociationRef, IMembershipRef
from aws_cdk.interfaces.aws_entityresolution import IIdNamespaceRef
from constructs import Construct

from .environment import stack_of

# Every answer costs a request to the CDK's process, and a membership has many associations.
_membership_arns: WeakKeyDictionary[Stack, dict[str, str]] = WeakKeyDictionary()


def membership_identifier(membership: IMembershipRef | str) -> str:
    """The ID of a membership."""
    if isinstance(membership, CfnMembership):
        return membership.attr_membership_identifier
    reference = _reference(membership, "membership_ref")
    return cast(str, reference.membership_identifier if reference else membership)


def membership_arn(scope: Construct, membership: IMembershipRef | str) -> str:
    """The ARN of a membership, which is in a scope's account and Region if only its ID is given."""
    if isinstance(membership, str):
        stack = stack_of(scope)
        arns = _membership_arns.setdefault(stack, {})
        if membership not in arns:
            arns[membership] = stack.format_arn(
                service="cleanrooms", resource="membership", resource_name=membership
            )
        return arns[membership]
    if isinstance(membership, CfnMembership):
        return membership.attr_arn
    return membership.membership_ref.membership_arn


def id_namespace_association_arn(association: IIdNamespaceAssociationRef) -> str:
    """The ARN of an ID namespace association."""
    if isinstance(association, CfnIdNamespaceAssociation):
        return association.attr_arn
    # The reference to a construct of this library has its ID too, which may be one more request.
    own = getattr(association, "id_namespace_association_arn", None)
    return own or association.id_namespace_association_ref.id_namespace_association_arn


def membership_arn_of(association: IIdNamespaceAssociationRef) -> str:
    """The ARN of the membership that an ID namespace association belongs to."""
    if isinstance(association, CfnIdNamespaceAssociation):
        return association.attr_membership_arn
    own = getattr(association, "membership_arn", None)
    return own or _before("/idnamespaceassociation/", id_namespace_association_arn(association))


def _before(separator: str, arn: str) -> str:
    before, found, _ = arn.partition(separator)
    return before if found else Fn.select(0, Fn.split(separator, arn))


def id_namespace_arn(id_namespace: IIdNamespaceRef | str) -> str:
    """The ARN of an Entity Resolution ID namespace."""
    if isinstance(id_namespace, str):
        return id_namespace
    # Not at the top: only an app that has such a construct has loaded this module already.
    from aws_cdk.aws_entityresolution import CfnIdNamespace

    if isinstance(id_namespace, CfnIdNamespace):
        return id_namespace.attr_id_namespace_arn
    reference = _reference(id_namespace, "id_namespace_ref")
    return cast(str, reference.id_namespace_arn if reference else id_namespace)


def _reference(resource: object, name: str) -> Any:
    # A class, given for an object of it, has the name too, but no reference behind it.
    return None if isinstance(resource, type) else getattr(resource, name, None)
