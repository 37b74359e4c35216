"""One small resource of each type, with changes of its properties."""

from __future__ import annotations

from typing import Any, NamedTuple

from cdk_cleanrooms.local_cloud.environment import ACCOUNT, REGION

Properties = dict[str, Any]

MEMBERSHIP = "11111111-1111-4111-8111-111111111111"
OTHER_MEMBERSHIP = "22222222-2222-4222-8222-222222222222"
COLLABORATION = "33333333-3333-4333-8333-333333333333"
OTHER_COLLABORATION = "44444444-4444-4444-8444-444444444444"
TABLE = "55555555-5555-4555-8555-555555555555"
OTHER_TABLE = "66666666-6666-4666-8666-666666666666"
ROLE = "arn:aws:iam::999999999999:role/elsewhere"
OTHER_ROLE = "arn:aws:iam::999999999999:role/elsewhere-too"
GLUE = f"arn:aws:glue:{REGION}:{ACCOUNT}:table/people/customers"
ENTITY_RESOLUTION = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{TABLE}"


# What the host of a collaboration requests, so that the account of the samples can join.
PARTNER = "444455556666"
INVITATION: Properties = {
    "name": "match",
    "description": "Which customers subscribe",
    "creatorDisplayName": "Other Corp",
    "creatorMemberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
    "members": [{"accountId": ACCOUNT, "displayName": "Example Corp", "memberAbilities": []}],
    "queryLogStatus": "ENABLED",
}


class Sample(NamedTuple):
    """The properties of a resource, changes in place, and changes that replace it."""

    least: Properties
    in_place: Properties
    replacing: Properties


def _association(name: str) -> Properties:
    return {
        "MembershipIdentifier": MEMBERSHIP,
        "Name": name,
        "InputReferenceConfig": {
            "InputReferenceArn": f"{ENTITY_RESOLUTION}:idnamespace/{name}",
            "ManageResourcePolicies": True,
        },
    }


# The resources that an ID mapping table needs.
ASSOCIATIONS = [_association("customers-of-a-table"), _association("visitors-of-a-table")]

_RULES = {
    "RuleDefinitionType": "TARGET",
    "AttributeMatchingModel": "ONE_TO_ONE",
    "RecordMatchingModel": "ONE_SOURCE_TO_ONE_TARGET",
}
_OUTPUT = {"OutputS3Path": "s3://bucket/prefix/", "Output": [{"Name": "email"}]}

SAMPLES = {
    "AWS::CleanRooms::Collaboration": Sample(
        {
            "Name": "match",
            "Description": "Which customers subscribe",
            "CreatorDisplayName": "Example Corp",
            "QueryLogStatus": "ENABLED",
            "CreatorMemberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            "Members": [
                {
                    "AccountId": "444455556666",
                    "DisplayName": "Other Corp",
                    "MemberAbilities": [],
                    "MLMemberAbilities": {"CustomMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]},
                }
            ],
        },
        {"Name": "match again", "Description": "Which subscribers buy"},
        {"QueryLogStatus": "DISABLED"},
    ),
    "AWS::CleanRooms::Membership": Sample(
        {"CollaborationIdentifier": COLLABORATION, "QueryLogStatus": "DISABLED"},
        {
            "QueryLogStatus": "ENABLED",
            "PaymentConfiguration": {"QueryCompute": {"IsResponsible": False}},
        },
        {"CollaborationIdentifier": OTHER_COLLABORATION},
    ),
    "AWS::CleanRooms::IdNamespaceAssociation": Sample(
        _association("customers"),
        {"Name": "people", "Description": "Ours"},
        {"MembershipIdentifier": OTHER_MEMBERSHIP},
    ),
    "AWS::CleanRooms::IdMappingTable": Sample(
        {
            "MembershipIdentifier": MEMBERSHIP,
            "Name": "customers_to_visitors",
            "InputReferenceConfig": {
                "InputReferenceArn": f"{ENTITY_RESOLUTION}:idmappingworkflow/match",
                "ManageResourcePolicies": True,
            },
        },
        {"Description": "Ours", "KmsKeyArn": KEY},
        {"Name": "customers_to_others"},
    ),
    "AWS::CleanRooms::ConfiguredTable": Sample(
        {
            "Name": "customers",
            "AllowedColumns": ["email", "id"],
            "AnalysisMethod": "DIRECT_QUERY",
            "TableReference": {"Glue": {"DatabaseName": "people", "TableName": "customers"}},
            "AnalysisRules": [
                {
                    "Type": "CUSTOM",
                    "Policy": {
                        "V1": {
                            "Custom": {
                                "AllowedAnalyses": ["ANY_QUERY"],
                                "AllowedAnalysisProviders": [ACCOUNT],
                            }
                        }
                    },
                }
            ],
        },
        {
            "Name": "people",
            "Description": "Ours",
            "AnalysisRules": [
                {
                    "Type": "LIST",
                    "Policy": {"V1": {"List": {"JoinColumns": ["email"], "ListColumns": ["id"]}}},
                }
            ],
        },
        {},
    ),
    "AWS::CleanRooms::ConfiguredTableAssociation": Sample(
        {
            "MembershipIdentifier": MEMBERSHIP,
            "ConfiguredTableIdentifier": TABLE,
            "Name": "customers",
            "RoleArn": ROLE,
        },
        {
            "Description": "Ours",
            "RoleArn": OTHER_ROLE,
            "ConfiguredTableAssociationAnalysisRules": [
                {
                    "Type": "CUSTOM",
                    "Policy": {"V1": {"Custom": {"AllowedResultReceivers": [ACCOUNT]}}},
                }
            ],
        },
        {"ConfiguredTableIdentifier": OTHER_TABLE},
    ),
    "AWS::CleanRooms::AnalysisTemplate": Sample(
        {
            "MembershipIdentifier": MEMBERSHIP,
            "Name": "overlap",
            "Format": "SQL",
            "Source": {"Text": "SELECT 1"},
        },
        {"Description": "Ours"},
        {"Source": {"Text": "SELECT 2"}},
    ),
    "AWS::CleanRooms::PrivacyBudgetTemplate": Sample(
        {
            "MembershipIdentifier": MEMBERSHIP,
            "AutoRefresh": "CALENDAR_MONTH",
            "PrivacyBudgetType": "DIFFERENTIAL_PRIVACY",
            "Parameters": {"Epsilon": 3, "UsersNoisePerQuery": 30},
        },
        {"Parameters": {"Epsilon": 4, "UsersNoisePerQuery": 40}},
        {"AutoRefresh": "NONE"},
    ),
    "AWS::CleanRooms::IntermediateTable": Sample(
        {
            "MembershipIdentifier": MEMBERSHIP,
            "Name": "overlap_table",
            "PopulationAnalysisConfiguration": {"SqlParameters": {"QueryString": "SELECT 1"}},
        },
        {"Description": "Ours", "KmsKeyArn": KEY},
        {"Name": "other_table"},
    ),
    "AWS::EntityResolution::SchemaMapping": Sample(
        {
            "SchemaName": "customers",
            "MappedInputFields": [
                {"FieldName": "id", "Type": "UNIQUE_ID"},
                {"FieldName": "email", "Type": "EMAIL_ADDRESS", "MatchKey": "Email"},
            ],
        },
        {"Description": "Ours"},
        {"SchemaName": "people"},
    ),
    "AWS::EntityResolution::MatchingWorkflow": Sample(
        {
            "WorkflowName": "customers",
            "InputSourceConfig": [
                {
                    "InputSourceARN": GLUE,
                    "SchemaArn": f"{ENTITY_RESOLUTION}:schemamapping/elsewhere",
                }
            ],
            "OutputSourceConfig": [_OUTPUT],
            "ResolutionTechniques": {
                "ResolutionType": "RULE_MATCHING",
                "RuleBasedProperties": {
                    "AttributeMatchingModel": "ONE_TO_ONE",
                    "Rules": [{"RuleName": "email", "MatchingKeys": ["Email"]}],
                },
            },
            "RoleArn": ROLE,
        },
        {"Description": "Ours", "RoleArn": OTHER_ROLE},
        {"WorkflowName": "people"},
    ),
    "AWS::EntityResolution::IdNamespace": Sample(
        {
            "IdNamespaceName": "customers",
            "Type": "SOURCE",
            "RoleArn": ROLE,
            "InputSourceConfig": [{"InputSourceARN": GLUE, "SchemaName": "elsewhere"}],
            "IdMappingWorkflowProperties": [
                {
                    "IdMappingType": "RULE_BASED",
                    "RuleBasedProperties": {
                        "RuleDefinitionTypes": ["TARGET"],
                        "AttributeMatchingModel": "ONE_TO_ONE",
                        "RecordMatchingModels": ["ONE_SOURCE_TO_ONE_TARGET"],
                    },
                }
            ],
        },
        {"Description": "Ours"},
        {"IdNamespaceName": "people"},
    ),
    "AWS::EntityResolution::IdMappingWorkflow": Sample(
        {
            "WorkflowName": "customers-to-visitors",
            "InputSourceConfig": [
                {
                    "InputSourceARN": f"{ENTITY_RESOLUTION}:idnamespace/elsewhere",
                    "Type": "SOURCE",
                },
                {
                    "InputSourceARN": f"{ENTITY_RESOLUTION}:idnamespace/elsewhere-too",
                    "Type": "TARGET",
                },
            ],
            "IdMappingTechniques": {
                "IdMappingType": "RULE_BASED",
                "RuleBasedProperties": _RULES,
            },
            "RoleArn": ROLE,
        },
        {
            "Description": "Ours",
            "IdMappingIncrementalRunConfig": {"IncrementalRunType": "ON_DEMAND"},
        },
        {"WorkflowName": "people-to-visitors"},
    ),
    "AWS::EntityResolution::PolicyStatement": Sample(
        {
            "Arn": f"{ENTITY_RESOLUTION}:idnamespace/elsewhere",
            "StatementId": "Partner1",
            "Effect": "Allow",
            "Action": ["entityresolution:GetIdNamespace"],
            "Principal": ["444455556666"],
        },
        {"Action": ["entityresolution:GetIdNamespace", "entityresolution:ListIdNamespaces"]},
        {"StatementId": "Partner2"},
    ),
}
