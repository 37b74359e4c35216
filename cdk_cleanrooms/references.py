"""What an argument stands for that takes a resource as a construct or as its identifier.

The CDK's own constructs are asked for one attribute, as their `…Ref` would cost three requests.
What is neither a construct nor a string is handed on as it is, for a rule to refuse.
"""

from __future__ import annotations

from typing import Any, cast

from aws_cdk.aws_cleanrooms import CfnMembership
from aws_cdk.interfaces.aws_cleanrooms import IMembershipRef
from aws_cdk.interfaces.aws_entityresolution import IIdNamespaceRef


def membership_identifier(membership: IMembershipRef | str) -> str:
    """The ID of a membership."""
    if isinstance(membership, CfnMembership):
        return membership.attr_membership_identifier
    reference = _reference(membership, "membership_ref")
    return cast(str, reference.membership_identifier if reference else membership)


def membership_arn(membership: IMembershipRef | str) -> str | None:
    """The ARN of a membership, or None where only its ID is given."""
    if isinstance(membership, str):
        return None
    if isinstance(membership, CfnMembership):
        return membership.attr_arn
    return membership.membership_ref.membership_arn


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
