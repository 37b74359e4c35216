"""Snapshots of small collaborations, as they are read from AWS."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cdk_cleanrooms._cli.export.snapshot import Found, Snapshot

ACCOUNT, PARTNER, REGION = "111122223333", "444455556666", "us-east-1"
COLLABORATION = "a1b2c3d4-5678-90ab-cdef-333333333333"
MEMBERSHIP = "a1b2c3d4-5678-90ab-cdef-111111111111"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/CleanRoomsData"


def er_arn(path: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:entityresolution:{REGION}:{account}:{path}"


def collaboration(**more: Any) -> Found:
    members = [{"accountId": ACCOUNT, "displayName": "Example Corp", "abilities": ["CAN_QUERY"]}]
    found = Found(
        type_name="AWS::CleanRooms::Collaboration",
        identifier=COLLABORATION,
        label="match",
        arn=f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:collaboration/{COLLABORATION}",
        is_unique=True,
        members={
            "creatorAccountId": ACCOUNT,
            "description": "Who is both",
            "members": members,
            "name": "match",
            "queryLogStatus": "ENABLED",
        },
        properties={"Name": "match"},
    )
    return replace(found, **more)


def membership(**more: Any) -> Found:
    found = Found(
        type_name="AWS::CleanRooms::Membership",
        identifier=MEMBERSHIP,
        label="match",
        arn=f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:membership/{MEMBERSHIP}",
        is_unique=False,
        members={"collaborationId": COLLABORATION, "queryLogStatus": "ENABLED"},
        properties={"MembershipIdentifier": MEMBERSHIP},
    )
    return replace(found, **more)


def schema_mapping(name: str = "customers", **more: Any) -> Found:
    found = Found(
        type_name="AWS::EntityResolution::SchemaMapping",
        identifier=name,
        label=name,
        arn=er_arn(f"schemamapping/{name}"),
        is_unique=True,
        members={
            "mappedInputFields": [
                {"fieldName": "id", "type": "UNIQUE_ID"},
                {"fieldName": "email", "matchKey": "Email", "type": "EMAIL_ADDRESS"},
            ],
            "schemaName": name,
        },
        properties={"SchemaName": name},
    )
    return replace(found, **more)


def id_namespace(name: str = "customers", schema: str = "customers", **more: Any) -> Found:
    found = Found(
        type_name="AWS::EntityResolution::IdNamespace",
        identifier=name,
        label=name,
        arn=er_arn(f"idnamespace/{name}"),
        is_unique=True,
        members={
            "idNamespaceName": name,
            "inputSourceConfig": [
                {
                    "inputSourceARN": f"arn:aws:glue:{REGION}:{ACCOUNT}:table/crm/{name}",
                    "schemaName": schema,
                }
            ],
            "idMappingWorkflowProperties": [
                {
                    "idMappingType": "RULE_BASED",
                    "ruleBasedProperties": {
                        "attributeMatchingModel": "ONE_TO_ONE",
                        "recordMatchingModels": ["ONE_SOURCE_TO_ONE_TARGET"],
                        "ruleDefinitionTypes": ["TARGET"],
                    },
                }
            ],
            "roleArn": ROLE,
            "type": "SOURCE",
        },
        properties={"IdNamespaceName": name},
    )
    return replace(found, **more)


def association(name: str = "customers", id: str = "1", **more: Any) -> Found:
    identifier = f"a1b2c3d4-5678-90ab-cdef-22222222222{id}"
    found = Found(
        type_name="AWS::CleanRooms::IdNamespaceAssociation",
        identifier=identifier,
        label=name,
        arn=(
            f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:membership/{MEMBERSHIP}/"
            f"idnamespaceassociation/{identifier}"
        ),
        is_unique=True,
        members={
            "inputReferenceConfig": {
                "inputReferenceArn": er_arn(f"idnamespace/{name}"),
                "manageResourcePolicies": True,
            },
            "membershipId": MEMBERSHIP,
            "name": name,
        },
        properties={"Name": name},
    )
    return replace(found, **more)


def id_mapping_workflow(source: str, target: str, **more: Any) -> Found:
    found = Found(
        type_name="AWS::EntityResolution::IdMappingWorkflow",
        identifier="map",
        label="map",
        arn=er_arn("idmappingworkflow/map"),
        is_unique=True,
        members={
            "idMappingTechniques": {"idMappingType": "RULE_BASED"},
            "inputSourceConfig": [
                {"inputSourceARN": source, "type": "SOURCE"},
                {"inputSourceARN": target, "type": "TARGET"},
            ],
            "roleArn": ROLE,
            "workflowName": "map",
        },
        properties={"WorkflowName": "map"},
    )
    return replace(found, **more)


def snapshot(*resources: Found, **more: Any) -> Snapshot:
    found = Snapshot(
        account=ACCOUNT,
        region=REGION,
        partition="aws",
        collaboration=COLLABORATION,
        name="match",
        creator=ACCOUNT,
        membership=MEMBERSHIP,
        resources=resources,
    )
    return replace(found, **more).sorted()


def whole(**more: Any) -> Snapshot:
    return snapshot(
        collaboration(), membership(), schema_mapping(), id_namespace(), association(), **more
    )
