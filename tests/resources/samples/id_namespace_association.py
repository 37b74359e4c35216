"""Samples of an ID namespace association."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation, CfnMembership
from aws_cdk.aws_entityresolution import CfnIdNamespace

from cdk_cleanrooms import IdNamespaceAssociation, IdNamespaceAssociationGrants
from tests.samples import (
    ASSOCIATION_ARN,
    ASSOCIATION_ID,
    COLLABORATION_ARN,
    COLLABORATION_ID,
    ID_NAMESPACE_ARN,
    MEMBERSHIP_ARN,
    MEMBERSHIP_ID,
)

from . import Sample

_InputReferenceConfig = CfnIdNamespaceAssociation.IdNamespaceAssociationInputReferenceConfigProperty


def _constructs(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    membership = CfnMembership(
        stack, "Membership", collaboration_identifier=COLLABORATION_ID, query_log_status="DISABLED"
    )
    id_namespace = CfnIdNamespace(
        stack, "IdNamespace", id_namespace_name="customers", type="SOURCE"
    )
    return {"membership": membership, "id_namespace": id_namespace}, {
        "membership_identifier": membership.attr_membership_identifier,
        "input_reference_config": _InputReferenceConfig(
            input_reference_arn=id_namespace.attr_id_namespace_arn, manage_resource_policies=True
        ),
    }


SAMPLE = Sample(
    construct=IdNamespaceAssociation,
    l1=CfnIdNamespaceAssociation,
    grants=IdNamespaceAssociationGrants,
    minimal={"membership": MEMBERSHIP_ID, "id_namespace": ID_NAMESPACE_ARN, "name": "customers"},
    l1_minimal={
        "membership_identifier": MEMBERSHIP_ID,
        "input_reference_config": _InputReferenceConfig(
            input_reference_arn=ID_NAMESPACE_ARN, manage_resource_policies=True
        ),
        "name": "customers",
    },
    full={
        "description": "Our customers",
        "manage_resource_policies": False,
        "allow_use_as_dimension_column": True,
    },
    l1_full={
        "description": "Our customers",
        "input_reference_config": _InputReferenceConfig(
            input_reference_arn=ID_NAMESPACE_ARN, manage_resource_policies=False
        ),
        "id_mapping_config": CfnIdNamespaceAssociation.IdMappingConfigProperty(
            allow_use_as_dimension_column=True
        ),
    },
    constructs=_constructs,
    identifier=ASSOCIATION_ID,
    primary_identifier={
        "IdNamespaceAssociationIdentifier": ASSOCIATION_ID,
        "MembershipIdentifier": MEMBERSHIP_ID,
    },
    arn=ASSOCIATION_ARN,
    from_arn="from_id_namespace_association_arn",
    existing={
        "membership": MEMBERSHIP_ID,
        "id_namespace_association_identifier": ASSOCIATION_ID,
    },
    lookup={
        "membership_identifier": MEMBERSHIP_ID,
        "id_namespace_association_identifier": ASSOCIATION_ID,
    },
    looked_up={
        "name": ("Name", "Kundenstämme"),
        "collaboration_arn": ("CollaborationArn", COLLABORATION_ARN),
        "collaboration_identifier": ("CollaborationIdentifier", COLLABORATION_ID),
    },
    attributes={
        "id_namespace_association_arn": "Arn",
        "id_namespace_association_identifier": "IdNamespaceAssociationIdentifier",
        "membership_arn": "MembershipArn",
        "collaboration_arn": "CollaborationArn",
        "collaboration_identifier": "CollaborationIdentifier",
    },
    known={
        "id_namespace_association_identifier": ASSOCIATION_ID,
        "membership_identifier": MEMBERSHIP_ID,
    },
    arns={"id_namespace_association_arn": ASSOCIATION_ARN, "membership_arn": MEMBERSHIP_ARN},
    permissions={
        "read": {
            "id_namespace_association_arn": ["cleanrooms:GetIdNamespaceAssociation"],
            "membership_arn": ["cleanrooms:GetIdNamespaceAssociation"],
        },
        "manage": {
            "id_namespace_association_arn": [
                "cleanrooms:DeleteIdNamespaceAssociation",
                "cleanrooms:TagResource",
                "cleanrooms:UntagResource",
                "cleanrooms:UpdateIdNamespaceAssociation",
            ],
            "membership_arn": [
                "cleanrooms:DeleteIdNamespaceAssociation",
                "cleanrooms:UpdateIdNamespaceAssociation",
            ],
        },
    },
)
