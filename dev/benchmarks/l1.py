"""Create associations with the CDK's generated L1, and import only what that needs."""

from __future__ import annotations

from aws_cdk import CfnTag
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation
from constructs import Construct

from .values import ID_NAMESPACE, TAGS, new_id


def minimal(scope: Construct, index: int) -> CfnIdNamespaceAssociation:
    """Create an association with only the required properties."""
    return CfnIdNamespaceAssociation(
        scope,
        f"Association{index}",
        membership_identifier=new_id(),
        input_reference_config=(
            CfnIdNamespaceAssociation.IdNamespaceAssociationInputReferenceConfigProperty(
                input_reference_arn=ID_NAMESPACE, manage_resource_policies=True
            )
        ),
        name=f"customers-{index}",
    )


def full(scope: Construct, index: int) -> CfnIdNamespaceAssociation:
    """Create an association with all properties."""
    return CfnIdNamespaceAssociation(
        scope,
        f"Association{index}",
        membership_identifier=new_id(),
        input_reference_config=(
            CfnIdNamespaceAssociation.IdNamespaceAssociationInputReferenceConfigProperty(
                input_reference_arn=ID_NAMESPACE, manage_resource_policies=True
            )
        ),
        name=f"customers-{index}",
        description="Our customers",
        id_mapping_config=CfnIdNamespaceAssociation.IdMappingConfigProperty(
            allow_use_as_dimension_column=True
        ),
        tags=[CfnTag(key=key, value=value) for key, value in TAGS.items()],
    )
