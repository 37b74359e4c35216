"""The facts about an ID mapping table."""

from __future__ import annotations

from cdk_cleanrooms._core.keys import KEY_IN_ARN, key_arn
from cdk_cleanrooms.id_mapping_table import (
    _ARN_LIMIT,
    _NAME,
    _NAME_LIMIT,
    _TYPE,
    _name,
    _workflow_arn,
)

from .. import drift, strategies
from ..properties import (
    DESCRIPTION,
    MEMBERSHIP,
    OF_A_MEMBERSHIP,
    RESOURCE_POLICIES,
    TAGS,
    Property,
    Resource,
)

WORKFLOW = "arn:aws:entityresolution:us-east-1:111122223333:idmappingworkflow/customers"
KEY = f"arn:aws:kms:us-east-1:111122223333:key/{MEMBERSHIP}"
# The pattern of Clean Rooms. The pattern of Entity Resolution for its own ARNs is narrower.
WORKFLOW_PATTERN = "arn:(aws|aws-us-gov|aws-cn):entityresolution:.*:[0-9]+:(idmappingworkflow/.*)"

_CREATION = ("CreateIdMappingTable", "input_shape")
_READING = ("GetIdMappingTable", "input_shape")
_CREATED = ("CreateIdMappingTable", "output_shape")
_KEY_PATTERN = f"arn:aws:kms:{drift.ACCOUNT_AND_REGION}:{KEY_IN_ARN.pattern}"

RESOURCE = Resource(
    type_name=_TYPE.name,
    construct="IdMappingTable",
    creation=_CREATION,
    good={
        "membership": MEMBERSHIP,
        "id_mapping_workflow": WORKFLOW,
        "name": "customers",
        "manage_resource_policies": True,
    },
    properties=(
        Property(
            "name",
            _name,
            strategies.table_names,
            lambda value: {"Name": value},
            (*_CREATION, "name"),
            type_name=_TYPE.name,
            kind="name of an ID mapping table",
        ),
        DESCRIPTION,
        OF_A_MEMBERSHIP,
        Property(
            "id_mapping_workflow",
            _workflow_arn,
            strategies.id_mapping_workflow_arns,
            lambda value: {"InputReferenceConfig": {"InputReferenceArn": value}},
            (*_CREATION, "inputReferenceConfig", "inputReferenceArn"),
            type_name=_TYPE.name,
        ),
        RESOURCE_POLICIES,
        Property(
            "encryption_key",
            key_arn,
            strategies.key_arns,
            lambda value: {"KmsKeyArn": value},
            (*_CREATION, "kmsKeyArn"),
            type_name=_TYPE.name,
        ),
        *TAGS,
        Property(
            "id_mapping_table_identifier",
            _TYPE.identifier_rule,
            strategies.identifiers,
            lambda value: {"IdMappingTableIdentifier": value},
            (*_READING, "idMappingTableIdentifier"),
            is_argument=False,
            type_name=_TYPE.name,
        ),
        Property(
            "id_mapping_table_arn",
            _TYPE.arn_rule,
            strategies.table_arns,
            lambda value: {"Arn": value},
            (*_CREATED, "idMappingTable", "arn"),
            is_argument=False,
            type_name=_TYPE.name,
        ),
    ),
    schema={
        **drift.IN_EVERY_SCHEMA,
        **drift.uuid_in_schema("IdMappingTableIdentifier"),
        "typeName": "AWS::CleanRooms::IdMappingTable",
        "required": ["InputReferenceConfig", "MembershipIdentifier", "Name"],
        "createOnlyProperties": [
            "/properties/InputReferenceConfig",
            "/properties/MembershipIdentifier",
            "/properties/Name",
        ],
        "readOnlyProperties": [
            "/properties/Arn",
            "/properties/CollaborationArn",
            "/properties/CollaborationIdentifier",
            "/properties/IdMappingTableIdentifier",
            "/properties/InputReferenceProperties",
            "/properties/MembershipArn",
        ],
        "primaryIdentifier": [
            "/properties/IdMappingTableIdentifier",
            "/properties/MembershipIdentifier",
        ],
        "InputReferenceConfig.InputReferenceArn.minLength": 20,
        "InputReferenceConfig.InputReferenceArn.maxLength": _ARN_LIMIT,
        "InputReferenceConfig.InputReferenceArn.pattern": WORKFLOW_PATTERN,
        "Name.maxLength": _NAME_LIMIT,
        "Name.pattern": _NAME.pattern,
        "KmsKeyArn.type": "string",
        "KmsKeyArn.minLength": 4,
        "KmsKeyArn.maxLength": _ARN_LIMIT,
        "KmsKeyArn.pattern": _KEY_PATTERN,
        "KmsKeyArn.format": "AWS::KMS::Key.Arn",
        "Arn.maxLength": 200,
        "InputReferenceProperties.type": "object",
        "InputReferenceProperties.required": ["IdMappingTableInputSource"],
        "InputReferenceProperties.IdMappingTableInputSource.type": "array",
        "InputReferenceProperties.IdMappingTableInputSource.insertionOrder": False,
        "InputReferenceProperties.IdMappingTableInputSource.minItems": 2,
        "InputReferenceProperties.IdMappingTableInputSource.maxItems": 2,
        "InputReferenceProperties.IdMappingTableInputSource[].type": "object",
        "InputReferenceProperties.IdMappingTableInputSource[].required": [
            "IdNamespaceAssociationId",
            "Type",
        ],
        "InputReferenceProperties.IdMappingTableInputSource[].IdNamespaceAssociationId.type": (
            "string"
        ),
        "InputReferenceProperties.IdMappingTableInputSource[].Type.type": "string",
        "InputReferenceProperties.IdMappingTableInputSource[].Type.enum": ["SOURCE", "TARGET"],
    },
    model={
        **drift.IN_EVERY_MODEL,
        "inputReferenceConfig.inputReferenceArn.min": 20,
        "inputReferenceConfig.inputReferenceArn.max": _ARN_LIMIT,
        "inputReferenceConfig.inputReferenceArn.pattern": WORKFLOW_PATTERN,
        # The pattern does not allow an empty name.
        "name.min": 0,
        "name.max": _NAME_LIMIT,
        "name.pattern": _NAME.pattern,
        "kmsKeyArn.type": "string",
        "kmsKeyArn.min": 20,
        "kmsKeyArn.max": _ARN_LIMIT,
        "kmsKeyArn.pattern": _KEY_PATTERN,
    },
    l1={
        "membership_identifier": drift.REQUIRED,
        "input_reference_config": drift.REQUIRED,
        "input_reference_config.input_reference_arn": drift.REQUIRED,
        "input_reference_config.manage_resource_policies": drift.REQUIRED,
        "name": drift.REQUIRED,
        "description": drift.OPTIONAL,
        "kms_key_arn": drift.OPTIONAL,
        "tags": drift.OPTIONAL,
        "attr_arn": drift.ATTRIBUTE,
        "attr_collaboration_arn": drift.ATTRIBUTE,
        "attr_collaboration_identifier": drift.ATTRIBUTE,
        "attr_id_mapping_table_identifier": drift.ATTRIBUTE,
        # CloudFormation's documentation does not list it for Fn::GetAtt.
        "attr_input_reference_properties": drift.ATTRIBUTE,
        "attr_membership_arn": drift.ATTRIBUTE,
    },
    structures={"input_reference_config": "IdMappingTableInputReferenceConfigProperty"},
    arguments={
        "membership_identifier": "membership",
        "input_reference_config.input_reference_arn": "id_mapping_workflow",
        "input_reference_config.manage_resource_policies": "manage_resource_policies",
        "name": "name",
        "description": "description",
        "kms_key_arn": "encryption_key",
        "tags": "tags",
    },
    attributes={
        "attr_arn": "id_mapping_table_arn",
        "attr_collaboration_arn": "collaboration_arn",
        "attr_collaboration_identifier": "collaboration_identifier",
        "attr_id_mapping_table_identifier": "id_mapping_table_identifier",
        "attr_membership_arn": "membership_arn",
    },
    others=("source", "target"),
)
