"""The facts about an ID namespace association."""

from __future__ import annotations

from cdk_cleanrooms._core import rules
from cdk_cleanrooms.id_namespace_association import _NAME_IN_ARN, _TYPE, _id_namespace_arn

from .. import drift, strategies
from ..properties import (
    CREATION,
    DESCRIPTION,
    MEMBERSHIP,
    OF_A_MEMBERSHIP,
    RESOURCE_POLICIES,
    TAGS,
    Property,
    Resource,
)

ID_NAMESPACE = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers"

_READING = ("GetIdNamespaceAssociation", "input_shape")
_CREATED = ("CreateIdNamespaceAssociation", "output_shape")
_ID_NAMESPACE_PATTERN = (
    f"arn:aws:entityresolution:{drift.ACCOUNT_AND_REGION}:{_NAME_IN_ARN.pattern}"
)

RESOURCE = Resource(
    type_name=_TYPE.name,
    construct="IdNamespaceAssociation",
    creation=CREATION,
    good={
        "membership": MEMBERSHIP,
        "id_namespace": ID_NAMESPACE,
        "name": "customers",
        "manage_resource_policies": True,
    },
    properties=(
        Property(
            "name",
            rules.name,
            strategies.names,
            lambda value: {"Name": value},
            (*CREATION, "name"),
        ),
        DESCRIPTION,
        OF_A_MEMBERSHIP,
        Property(
            "id_namespace",
            _id_namespace_arn,
            strategies.id_namespace_arns,
            lambda value: {"InputReferenceConfig": {"InputReferenceArn": value}},
            (*CREATION, "inputReferenceConfig", "inputReferenceArn"),
        ),
        RESOURCE_POLICIES,
        Property(
            "allow_use_as_dimension_column",
            rules.boolean,
            strategies.booleans,
            lambda value: {"IdMappingConfig": {"AllowUseAsDimensionColumn": value}},
            (*CREATION, "idMappingConfig", "allowUseAsDimensionColumn"),
        ),
        *TAGS,
        Property(
            "id_namespace_association_identifier",
            _TYPE.identifier_rule,
            strategies.identifiers,
            lambda value: {"IdNamespaceAssociationIdentifier": value},
            (*_READING, "idNamespaceAssociationIdentifier"),
            is_argument=False,
        ),
        Property(
            "id_namespace_association_arn",
            _TYPE.arn_rule,
            strategies.association_arns,
            lambda value: {"Arn": value},
            (*_CREATED, "idNamespaceAssociation", "arn"),
            is_argument=False,
        ),
    ),
    schema={
        **drift.IN_EVERY_SCHEMA,
        **drift.uuid_in_schema("IdNamespaceAssociationIdentifier"),
        "typeName": "AWS::CleanRooms::IdNamespaceAssociation",
        "required": ["InputReferenceConfig", "MembershipIdentifier", "Name"],
        "createOnlyProperties": [
            "/properties/InputReferenceConfig",
            "/properties/MembershipIdentifier",
        ],
        "readOnlyProperties": [
            "/properties/Arn",
            "/properties/CollaborationArn",
            "/properties/CollaborationIdentifier",
            "/properties/IdNamespaceAssociationIdentifier",
            "/properties/InputReferenceProperties",
            "/properties/MembershipArn",
        ],
        "primaryIdentifier": [
            "/properties/IdNamespaceAssociationIdentifier",
            "/properties/MembershipIdentifier",
        ],
        "InputReferenceConfig.InputReferenceArn.maxLength": rules.ARN_LIMIT,
        "InputReferenceConfig.InputReferenceArn.pattern": _ID_NAMESPACE_PATTERN,
        "Name.minLength": 1,
        "Name.maxLength": rules.NAME_LIMIT,
        "Name.pattern": drift.NAME_PATTERN,
        "IdMappingConfig.type": "object",
        "IdMappingConfig.required": ["AllowUseAsDimensionColumn"],
        "IdMappingConfig.AllowUseAsDimensionColumn.type": "boolean",
        "Arn.maxLength": rules.ARN_LIMIT,
        "InputReferenceProperties.type": "object",
        "InputReferenceProperties.required": [],
        "InputReferenceProperties.IdNamespaceType.type": "string",
        "InputReferenceProperties.IdNamespaceType.enum": ["SOURCE", "TARGET"],
        "InputReferenceProperties.IdMappingWorkflowsSupported.type": "array",
        "InputReferenceProperties.IdMappingWorkflowsSupported.insertionOrder": False,
        "InputReferenceProperties.IdMappingWorkflowsSupported[].type": ["object", "string"],
        "InputReferenceProperties.IdMappingWorkflowsSupported[].format": "json",
    },
    model={
        **drift.IN_EVERY_MODEL,
        "inputReferenceConfig.inputReferenceArn.min": 0,
        "inputReferenceConfig.inputReferenceArn.max": rules.ARN_LIMIT,
        "inputReferenceConfig.inputReferenceArn.pattern": _ID_NAMESPACE_PATTERN,
        "name.min": 1,
        "name.max": rules.NAME_LIMIT,
        "name.pattern": drift.NAME_PATTERN,
        "idMappingConfig.type": "structure",
        "idMappingConfig.required": ["allowUseAsDimensionColumn"],
        "idMappingConfig.allowUseAsDimensionColumn.type": "boolean",
    },
    l1={
        "membership_identifier": drift.REQUIRED,
        "input_reference_config": drift.REQUIRED,
        "input_reference_config.input_reference_arn": drift.REQUIRED,
        "input_reference_config.manage_resource_policies": drift.REQUIRED,
        "name": drift.REQUIRED,
        "description": drift.OPTIONAL,
        "id_mapping_config": drift.OPTIONAL,
        "id_mapping_config.allow_use_as_dimension_column": drift.REQUIRED,
        "tags": drift.OPTIONAL,
        "attr_arn": drift.ATTRIBUTE,
        "attr_collaboration_arn": drift.ATTRIBUTE,
        "attr_collaboration_identifier": drift.ATTRIBUTE,
        "attr_id_namespace_association_identifier": drift.ATTRIBUTE,
        # CloudFormation's documentation does not list it for Fn::GetAtt.
        "attr_input_reference_properties": drift.ATTRIBUTE,
        "attr_membership_arn": drift.ATTRIBUTE,
    },
    structures={
        "input_reference_config": "IdNamespaceAssociationInputReferenceConfigProperty",
        "id_mapping_config": "IdMappingConfigProperty",
    },
    arguments={
        "membership_identifier": "membership",
        "input_reference_config.input_reference_arn": "id_namespace",
        "input_reference_config.manage_resource_policies": "manage_resource_policies",
        "name": "name",
        "description": "description",
        "id_mapping_config.allow_use_as_dimension_column": "allow_use_as_dimension_column",
        "tags": "tags",
    },
    attributes={
        "attr_arn": "id_namespace_association_arn",
        "attr_collaboration_arn": "collaboration_arn",
        "attr_collaboration_identifier": "collaboration_identifier",
        "attr_id_namespace_association_identifier": "id_namespace_association_identifier",
        "attr_membership_arn": "membership_arn",
    },
)
