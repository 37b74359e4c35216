"""Create the associations of `l1` with this library's construct."""

from __future__ import annotations

from constructs import Construct

from cdk_cleanrooms import IdNamespaceAssociation

from .values import ID_NAMESPACE, TAGS, new_id


def minimal(scope: Construct, index: int) -> IdNamespaceAssociation:
    """Create an association with only the required properties."""
    return IdNamespaceAssociation(
        scope,
        f"Association{index}",
        membership=new_id(),
        id_namespace=ID_NAMESPACE,
        name=f"customers-{index}",
    )


def full(scope: Construct, index: int) -> IdNamespaceAssociation:
    """Create an association with all properties."""
    return IdNamespaceAssociation(
        scope,
        f"Association{index}",
        membership=new_id(),
        id_namespace=ID_NAMESPACE,
        name=f"customers-{index}",
        description="Our customers",
        manage_resource_policies=True,
        allow_use_as_dimension_column=True,
        tags=TAGS,
    )
