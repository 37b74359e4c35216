"""What `Ref` and `Fn::GetAtt` return for resources whose names the template contains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REFERENCES: Final[Mapping[str, str]] = {
    "AWS::CleanRooms::Collaboration": "CollaborationIdentifier",
    "AWS::CleanRooms::ConfiguredTable": "ConfiguredTableIdentifier",
    "AWS::CleanRooms::Membership": "MembershipIdentifier",
}
"""The attributes that `Ref` returns too."""

_ENTITY_RESOLUTION = "arn:aws:entityresolution:{region}:{account}:"
_IAM = "arn:aws:iam::{account}:"

FORMATS: Final[Mapping[str, Mapping[str, str]]] = {
    "AWS::Athena::WorkGroup": {"": "{Name}"},
    "AWS::EntityResolution::IdMappingWorkflow": {
        "": "{WorkflowName}",
        "WorkflowArn": _ENTITY_RESOLUTION + "idmappingworkflow/{WorkflowName}",
    },
    "AWS::EntityResolution::IdNamespace": {
        "": "{IdNamespaceName}",
        "IdNamespaceArn": _ENTITY_RESOLUTION + "idnamespace/{IdNamespaceName}",
    },
    "AWS::EntityResolution::MatchingWorkflow": {
        "": "{WorkflowName}",
        "WorkflowArn": _ENTITY_RESOLUTION + "matchingworkflow/{WorkflowName}",
    },
    "AWS::EntityResolution::SchemaMapping": {
        "": "{SchemaName}",
        "SchemaArn": _ENTITY_RESOLUTION + "schemamapping/{SchemaName}",
    },
    "AWS::Glue::Database": {"": "{DatabaseInput/Name}"},
    "AWS::Glue::Table": {"": "{TableInput/Name}"},
    "AWS::IAM::ManagedPolicy": {
        "": _IAM + "policy{Path:/}{ManagedPolicyName}",
        "PolicyArn": _IAM + "policy{Path:/}{ManagedPolicyName}",
    },
    "AWS::IAM::Role": {"": "{RoleName}", "Arn": _IAM + "role{Path:/}{RoleName}"},
    "AWS::IAM::User": {"": "{UserName}", "Arn": _IAM + "user{Path:/}{UserName}"},
    "AWS::S3::Bucket": {"": "{BucketName}", "Arn": "arn:aws:s3:::{BucketName}"},
    "AWS::SSM::Parameter": {"": "{Name}", "Value": "{Value}"},
}
"""For each type and attribute (an empty one for `Ref`), a format. It contains the account, the
Region and properties, with slashes between the names of nested ones, and a default after a colon.
"""
