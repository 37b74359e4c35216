"""Properties of existing resources, in which every property of CloudFormation's schemas occurs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from cdk_cleanrooms._core import types
from cdk_cleanrooms._core.types import ResourceType
from cdk_cleanrooms.local_cloud.resource_schema import ResourceSchema
from tests.samples import (
    ACCOUNT,
    GLUE_TABLE_ARN,
    ID_NAMESPACE_ARN,
    KEY_ARN,
    MEMBERSHIP_ID,
    REGION,
    TABLE_ASSOCIATION_ARN,
)

Properties = dict[str, Any]
Step = str | int
Path = tuple[Step, ...]

PARTNER = "444455556666"
_YES, _NO = {"IsResponsible": True}, {"IsResponsible": False}
_MODEL = (
    f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:membership/{MEMBERSHIP_ID}"
    f"/configuredaudiencemodelassociation/{MEMBERSHIP_ID}"
)
_ENTITY_RESOLUTION = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}"
_DOMAIN = f"arn:aws:profile:{REGION}:{ACCOUNT}:domains/d"
_PROVIDER = {
    "ProviderServiceArn": f"arn:aws:entityresolution:{REGION}::providerservice/AProvider/mapping",
    "ProviderConfiguration": {"key": "value"},
}
_INTERMEDIATE = {"IntermediateSourceConfiguration": {"IntermediateS3Path": "s3://between/here/"}}
_RULES = [
    {"RuleName": "Email", "MatchingKeys": ["Email"]},
    {"RuleName": "Name", "MatchingKeys": ["First", "Last"]},
]


def _payments(query: Properties, others: Properties) -> Properties:
    return {
        "QueryCompute": query,
        "JobCompute": others,
        "MachineLearning": {
            "ModelTraining": others,
            "ModelInference": others,
            "SyntheticDataGeneration": others,
        },
    }


def _rule(kind: str, **rule: Any) -> list[Properties]:
    return [{"Type": kind.upper(), "Policy": {"V1": {kind: rule}}}]


_ATHENA = {
    "Athena": {
        "DatabaseName": "crm",
        "TableName": "orders",
        "WorkGroup": "primary",
        "OutputLocation": "s3://results/athena/",
        "CatalogName": "AwsDataCatalog",
        "Region": REGION,
    }
}
_SNOWFLAKE = {
    "Snowflake": {
        "SecretArn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:snowflake-abcdef",
        "AccountIdentifier": "org-account",
        "DatabaseName": "CRM",
        "SchemaName": "PUBLIC",
        "TableName": "ORDERS",
        "TableSchema": {
            "V1": [
                {"ColumnName": "order_id", "ColumnType": "NUMBER"},
                {"ColumnName": "region", "ColumnType": "VARCHAR"},
            ]
        },
    }
}
_LIST = _rule(
    "List",
    JoinColumns=["order_id"],
    ListColumns=["region"],
    AllowedJoinOperators=["AND", "OR"],
    AdditionalAnalyses="NOT_ALLOWED",
)
_AGGREGATION = _rule(
    "Aggregation",
    AggregateColumns=[{"ColumnNames": ["region"], "Function": "COUNT"}],
    JoinColumns=["order_id"],
    JoinRequired="QUERY_RUNNER",
    AllowedJoinOperators=["OR"],
    DimensionColumns=["country"],
    ScalarFunctions=["LOWER"],
    OutputConstraints=[{"ColumnName": "order_id", "Minimum": 10, "Type": "COUNT_DISTINCT"}],
    AdditionalAnalyses="ALLOWED",
)
_CUSTOM = {
    "AllowedAnalyses": ["ANY_QUERY"],
    "AllowedAnalysisProviders": [PARTNER],
    "AdditionalAnalyses": "REQUIRED",
    "DisallowedOutputColumns": ["order_id"],
}
_COMPARISONS = {
    "AllowedColumnComparisonColumns": ["order_id"],
    "AllowedLiteralComparisonColumns": ["region"],
}
_THRESHOLDS = [
    {
        "AllowedAggregateExpressionType": "COLUMNS_ONLY",
        "IdentityColumns": ["order_id"],
        "MinimumIdentityCount": 10,
        "Type": "COUNT_DISTINCT",
        "OutputColumnThresholds": [{"OutputColumnName": "region", "MinimumIdentityCount": 5}],
    }
]
_SIDES = [
    {"InputSourceARN": ID_NAMESPACE_ARN, "Type": "SOURCE"},
    {"InputSourceARN": ID_NAMESPACE_ARN.replace("customers", "subscribers"), "Type": "TARGET"},
]

FURTHER: Mapping[ResourceType, Mapping[str, Properties]] = {
    types.COLLABORATION: {
        "an analytics engine": {"AnalyticsEngine": "SPARK"},
        "a creator without abilities": {
            "CreatorMemberAbilities": [],
            "Members": [
                {
                    "AccountId": PARTNER,
                    "DisplayName": "Publisher",
                    "MemberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
                }
            ],
        },
        "a creator who pays": {
            "CreatorMemberAbilities": ["CAN_QUERY", "CAN_RUN_JOB"],
            "CreatorMLMemberAbilities": {"CustomMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]},
            "CreatorPaymentConfiguration": _payments(_YES, _YES),
            "Members": [
                {
                    "AccountId": PARTNER,
                    "DisplayName": "Publisher",
                    "MemberAbilities": ["CAN_RECEIVE_RESULTS"],
                    "MLMemberAbilities": {
                        "CustomMLMemberAbilities": ["CAN_RECEIVE_INFERENCE_OUTPUT"]
                    },
                    "PaymentConfiguration": _payments(_NO, _NO),
                }
            ],
        },
        "a member who pays": {
            "CreatorMemberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            "CreatorPaymentConfiguration": _payments(_NO, _NO),
            "Members": [
                {
                    "AccountId": PARTNER,
                    "DisplayName": "Publisher",
                    "MemberAbilities": [],
                    "PaymentConfiguration": _payments(_YES, _YES),
                }
            ],
        },
    },
    types.MEMBERSHIP: {
        "all payments": {"PaymentConfiguration": _payments(_YES, _YES)},
        "no other payment": {"PaymentConfiguration": _payments(_YES, _NO)},
    },
    types.CONFIGURED_TABLE: {
        "Athena": {"TableReference": _ATHENA},
        "Snowflake": {"TableReference": _SNOWFLAKE},
        "a list": {"AnalysisRules": _LIST},
        "an aggregation": {
            "AllowedColumns": ["country", "order_id", "region"],
            "AnalysisRules": _AGGREGATION,
        },
        "providers": {"AnalysisRules": _rule("Custom", **_CUSTOM)},
        "comparisons": {
            "AnalysisRules": _rule("Custom", **_CUSTOM, ComparisonControls=_COMPARISONS)
        },
        "thresholds": {
            "AnalysisRules": _rule("Custom", **_CUSTOM, AggregationThresholds=_THRESHOLDS)
        },
        "differential privacy": {
            "AnalysisRules": _rule(
                "Custom",
                AllowedAnalyses=["ANY_QUERY"],
                AllowedAnalysisProviders=[PARTNER],
                DifferentialPrivacy={"Columns": [{"Name": "order_id"}]},
            )
        },
    },
    types.CONFIGURED_TABLE_ASSOCIATION: {
        kind: {
            "ConfiguredTableAssociationAnalysisRules": _rule(
                kind, AllowedResultReceivers=[PARTNER], AllowedAdditionalAnalyses=[_MODEL]
            )
        }
        for kind in ("List", "Aggregation", "Custom")
    },
    types.ANALYSIS_TEMPLATE: {
        "SQL with parameters": {
            "Source": {"Text": "SELECT :since"},
            "AnalysisParameters": [
                {"Name": "since", "Type": "DATE", "DefaultValue": "2026-01-01"},
                {"Name": "least", "Type": "INTEGER"},
            ],
            "Schema": {"ReferencedTables": ["customers"]},
            "Description": "Ours",
        },
        "detailed errors": {"ErrorMessageConfiguration": {"Type": "DETAILED"}},
        "synthetic data": {
            "SyntheticDataParameters": {
                "MlSyntheticDataParameters": {
                    "Epsilon": 1,
                    "MaxMembershipInferenceAttackScore": 1,
                    "ColumnClassification": {
                        "ColumnMapping": [
                            {
                                "ColumnName": f"column_{number}",
                                "ColumnType": "NUMERICAL",
                                "IsPredictiveValue": number == 0,
                            }
                            for number in range(5)
                        ]
                    },
                }
            }
        },
    },
    types.PRIVACY_BUDGET_TEMPLATE: {
        "access": {
            "PrivacyBudgetType": "ACCESS_BUDGET",
            "AutoRefresh": "NONE",
            "Parameters": {
                "ResourceArn": TABLE_ASSOCIATION_ARN,
                "BudgetParameters": [
                    {"Type": "CALENDAR_DAY", "Budget": 10, "AutoRefresh": "ENABLED"},
                    {"Type": "LIFETIME", "Budget": 100},
                ],
            },
        }
    },
    types.ID_NAMESPACE_ASSOCIATION: {},
    types.ID_MAPPING_TABLE: {},
    types.ID_NAMESPACE: {
        "a provider": {
            "InputSourceConfig": [{"InputSourceARN": GLUE_TABLE_ARN, "SchemaName": "customers"}],
            "IdMappingWorkflowProperties": [
                {"IdMappingType": "PROVIDER", "ProviderProperties": _PROVIDER}
            ],
        },
        "a target": {
            "Type": "TARGET",
            "InputSourceConfig": [
                {"InputSourceARN": f"{_ENTITY_RESOLUTION}:matchingworkflow/subscribers"}
            ],
        },
        "no input": {
            "Type": "TARGET",
            "InputSourceConfig": [],
            "IdMappingWorkflowProperties": [
                {"IdMappingType": "PROVIDER", "ProviderProperties": _PROVIDER}
            ],
        },
    },
    types.ID_MAPPING_WORKFLOW: {
        "rules of its own": {
            "InputSourceConfig": _SIDES,
            "IdMappingTechniques": {
                "IdMappingType": "RULE_BASED",
                "RuleBasedProperties": {
                    "AttributeMatchingModel": "MANY_TO_MANY",
                    "RecordMatchingModel": "MANY_SOURCE_TO_ONE_TARGET",
                    "RuleDefinitionType": "SOURCE",
                    "Rules": _RULES,
                },
            },
        },
        "a provider": {
            "InputSourceConfig": [
                _SIDES[0],
                {
                    "InputSourceARN": GLUE_TABLE_ARN,
                    "SchemaArn": f"{_ENTITY_RESOLUTION}:schemamapping/customers",
                    "Type": "TARGET",
                },
            ],
            "IdMappingTechniques": {
                "IdMappingType": "PROVIDER",
                "ProviderProperties": {**_PROVIDER, **_INTERMEDIATE},
            },
        },
    },
    types.MATCHING_WORKFLOW: {
        "rules": {
            "ResolutionTechniques": {
                "ResolutionType": "RULE_MATCHING",
                "EnableRealTimeMatching": True,
                "RuleBasedProperties": {
                    "AttributeMatchingModel": "ONE_TO_ONE",
                    "MatchPurpose": "INDEXING",
                    "Rules": _RULES,
                },
            }
        },
        "machine learning": {"ResolutionTechniques": {"ResolutionType": "ML_MATCHING"}},
        "a provider": {
            "ResolutionTechniques": {
                "ResolutionType": "PROVIDER",
                "ProviderProperties": {**_PROVIDER, **_INTERMEDIATE},
            }
        },
        "customer profiles": {
            "OutputSourceConfig": [
                {
                    "KMSArn": KEY_ARN,
                    "Output": [{"Name": "id"}],
                    "CustomerProfilesIntegrationConfig": {
                        "DomainArn": _DOMAIN,
                        "ObjectTypeArn": f"{_DOMAIN}/object-types/o",
                    },
                }
            ]
        },
    },
    types.SCHEMA_MAPPING: {
        "all kinds of fields": {
            "MappedInputFields": [
                {"FieldName": "id", "Type": "UNIQUE_ID", "Hashed": False},
                {
                    "FieldName": "phone",
                    "Type": "PHONE",
                    "MatchKey": "Phone",
                    "GroupName": "Contact",
                    "Hashed": True,
                },
                {"FieldName": "partner", "Type": "PROVIDER_ID", "SubType": "Provider"},
            ]
        }
    },
}
"""Properties of existing resources besides those that the samples declare."""

NEVER_SET = {
    "SourceMetadata": "AWS fills it in, with hashes of the files of a PySpark job",
    "IdMappingTechniques.NormalizationVersion": "the service's API does not have it",
}
"""Properties of the schemas that no existing resource has because of its creator."""
ALWAYS_SET = {
    "IdMappingTechniques.IdMappingType": "the API requires it",
    "IdMappingTechniques.RuleBasedProperties.RuleDefinitionType": "the API requires it",
    "InputSourceConfig[].Type": "the API requires it for an ID namespace",
    "ResolutionTechniques.ResolutionType": "the API requires it",
    "ResolutionTechniques.RuleConditionProperties.Rules[].RuleName": "the API requires it",
    "ResolutionTechniques.RuleConditionProperties.Rules[].Condition": "the API requires it",
}
"""Properties that the schemas do not require, and the services do."""


def without_each(properties: Properties) -> Iterator[Properties]:
    """Yield properties without each of their parts, nested ones included."""
    for path in _paths(properties):
        changed = deepcopy(properties)
        parent = _at(changed, path[:-1])
        del parent[path[-1]]
        yield changed


def with_other_values(properties: Properties) -> Iterator[Properties]:
    """Yield properties in which one boolean value, nested ones included, is the other one."""
    for path in _paths(properties):
        changed = deepcopy(properties)
        parent = _at(changed, path[:-1])
        if isinstance(parent[path[-1]], bool):
            parent[path[-1]] = not parent[path[-1]]
            yield changed


def _at(node: Any, path: Path) -> Any:
    for step in path:
        node = node[step]
    return node


def _paths(node: Any, above: Path = ()) -> Iterator[Path]:
    items: Any = ()
    if isinstance(node, dict):
        items = node.items()
    elif isinstance(node, list):
        items = enumerate(node)
    for step, value in items:
        yield (*above, step)
        yield from _paths(value, (*above, step))


def names_in(node: Any, above: str = "") -> Iterator[str]:
    """Yield the names of all properties, such as `Members[].AccountId`."""
    if isinstance(node, dict):
        for name, value in node.items():
            path = f"{above}.{name}" if above else name
            yield path
            yield from names_in(value, path)
    elif isinstance(node, list):
        for item in node:
            yield from names_in(item, f"{above}[]")


def names_in_schema(type_name: str) -> Iterator[tuple[str, bool]]:
    """Yield the name of each property that a template can declare, and whether it is required."""
    schema = ResourceSchema(type_name)
    yield from _names_in_schema(schema._writable, "")


def _names_in_schema(schema: Any, above: str) -> Iterator[tuple[str, bool]]:
    for name, inner in schema.get("properties", {}).items():
        path = f"{above}.{name}" if above else name
        yield path, name in schema.get("required", ())
        yield from _names_in_schema(inner, path)
    if "items" in schema:
        yield from _names_in_schema(schema["items"], f"{above}[]")
    for choice in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from _names_in_schema(choice, above)
