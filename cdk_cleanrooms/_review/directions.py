"""The direction of each change, as data: whether more or less can be learned after it.

`TABLE` has an entry for each property of the resource types that matter here. The path of a
property consists of the names of members; lists have no sign of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class Direction(StrEnum):
    """Where a change leads."""

    WIDENING = "widening"
    NARROWING = "narrowing"
    OVERSIGHT = "oversight"
    UNCLEAR = "unclear"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class Effect:
    """What a change means.

    Attributes:
        direction: Where it leads.
        is_gated: Whether the gate stops it.
    """

    direction: Direction
    is_gated: bool


MORE: Final = Effect(Direction.WIDENING, True)
LESS: Final = Effect(Direction.NARROWING, False)
UNCLEAR: Final = Effect(Direction.UNCLEAR, True)
NEUTRAL: Final = Effect(Direction.NEUTRAL, False)
UNSEEN: Final = Effect(Direction.OVERSIGHT, True)
SEEN: Final = Effect(Direction.OVERSIGHT, False)


@dataclass(frozen=True)
class Whole:
    """A resource, or an object or a list of one object, whose members have entries of their own."""

    added: Effect
    removed: Effect
    note: str = ""


@dataclass(frozen=True)
class Value:
    """A value without an order."""

    changed: Effect
    added: Effect | None = None
    removed: Effect | None = None
    note: str = ""


@dataclass(frozen=True)
class Flag:
    """A Boolean, with what is true where it is absent."""

    on: Effect
    off: Effect
    default: bool = False
    note: str = ""


@dataclass(frozen=True)
class Steps:
    """A value from a list, which goes from what reveals least to what reveals most."""

    values: tuple[tuple[str, ...], ...]
    default: str | None = None
    up: Effect = MORE
    down: Effect = LESS
    note: str = ""


@dataclass(frozen=True)
class Amount:
    """A number."""

    up: Effect
    down: Effect
    added: Effect = UNCLEAR
    removed: Effect = UNCLEAR
    note: str = ""


@dataclass(frozen=True)
class Items:
    """A list of values without an order.

    Attributes:
        added: What it means that a value is added.
        removed: What it means that a value is removed.
        listed: What it means that the list appears.
        unlisted: What it means that the list disappears; without both, the list is empty then.
        default: The values where the list is absent.
        values: The values that this version knows, with the effect of adding and removing them. A
            value that is not among them is unclear. By default all values are alike.
        both: What it means that values are added and others are removed.
        empty: What it means that the list becomes empty, or was empty, if that is special.
        note: What a reader has to know.
    """

    added: Effect = MORE
    removed: Effect = LESS
    listed: Effect | None = None
    unlisted: Effect | None = None
    default: tuple[str, ...] = ()
    values: Mapping[str, tuple[Effect, Effect]] | None = None
    both: Effect | None = None
    empty: Effect | None = None
    note: str = ""


@dataclass(frozen=True)
class Entries:
    """A list of objects with a key each.

    Attributes:
        key: The member that is the key, or two of them separated by a space.
        added: What it means that an object is added.
        removed: What it means that an object is removed.
        both: What it means that objects are added and others are removed.
        moved: What another order means.
        listed: What it means that the list appears.
        unlisted: What it means that the list disappears; without both, the list is empty then.
        note: What a reader has to know.
    """

    key: str
    added: Effect = MORE
    removed: Effect = LESS
    both: Effect | None = None
    moved: Effect = NEUTRAL
    listed: Effect | None = None
    unlisted: Effect | None = None
    note: str = ""


@dataclass(frozen=True)
class Pairs:
    """A list of objects that combine one value with several others."""

    one: str
    others: str
    note: str = ""


@dataclass(frozen=True)
class Special:
    """What depends on other properties; the comparison has a function of this name."""

    name: str
    note: str = ""


POLICY: Final = Special("policy")
"""What the comparison of policies reads, with all other statements of the same subject."""

Row = Whole | Value | Flag | Steps | Amount | Items | Entries | Pairs | Special

_NO_MATTER = Value(NEUTRAL)
_PERSON = Value(UNCLEAR)
_WHO_PAYS = Value(NEUTRAL, note="It changes who pays.")
_TAGS = Special("tags")
_DESCRIBED: dict[str, Row] = {"Name": _NO_MATTER, "Description": _NO_MATTER, "Tags": _TAGS}
_KEY = Special("key", "The key that encrypts the data changes.")
_ROLE = Value(UNCLEAR, note="Compare what both roles may do.")
_NEW = Whole(MORE, LESS)
_OUTPUT = Special("place", "Results go to another place.")
_LOG = Steps(
    (("DISABLED",), ("ENABLED",)),
    default="DISABLED",
    up=SEEN,
    down=UNSEEN,
    note="Logs contain the text of queries.",
)
_ADDITIONAL = Steps(
    (("NOT_ALLOWED",), ("ALLOWED", "REQUIRED")),
    default="NOT_ALLOWED",
    note="Additional analyses are machine learning on results.",
)
_JOINS = Items(default=("AND",))
_ABILITIES = Items(
    values=dict.fromkeys(("CAN_QUERY", "CAN_RUN_JOB", "CAN_RECEIVE_RESULTS"), (MORE, LESS))
)
_ML_ABILITIES = Items(
    values=dict.fromkeys(("CAN_RECEIVE_MODEL_OUTPUT", "CAN_RECEIVE_INFERENCE_OUTPUT"), (MORE, LESS))
)
_PAYMENTS = (
    "JobCompute.IsResponsible",
    "MachineLearning.ModelInference.IsResponsible",
    "MachineLearning.ModelTraining.IsResponsible",
    "MachineLearning.SyntheticDataGeneration.IsResponsible",
    "QueryCompute.IsResponsible",
)


def _below(path: str, rows: Mapping[str, Row]) -> dict[str, Row]:
    return {f"{path}.{name}" if name else path: row for name, row in rows.items()}


_PAYS = dict.fromkeys(_PAYMENTS, _WHO_PAYS)
_COMPARED = Items(
    listed=LESS, unlisted=MORE, note="Without a list all are allowed; an empty list allows none."
)
_CUSTOM: dict[str, Row] = {
    "AdditionalAnalyses": _ADDITIONAL,
    "AggregationThresholds": Whole(LESS, MORE),
    "AggregationThresholds.AllowedAggregateExpressionType": Steps(
        (("COLUMNS_ONLY",), ("ANY_EXPRESSION",))
    ),
    "AggregationThresholds.IdentityColumns": Items(UNCLEAR, UNCLEAR),
    "AggregationThresholds.MinimumIdentityCount": Amount(LESS, MORE),
    "AggregationThresholds.OutputColumnThresholds": Special(
        "thresholds_of_columns", "A column without a threshold of its own has that of the table."
    ),
    "AggregationThresholds.Type": _PERSON,
    "AllowedAnalyses": Items(),
    "AllowedAnalysisProviders": Items(
        note="All present and future analyses of an allowed account are allowed, in every"
        " collaboration with it."
    ),
    "ComparisonControls": Whole(
        LESS,
        MORE,
        "Without comparison controls all comparisons are allowed; an empty list allows none.",
    ),
    "ComparisonControls.AllowedColumnComparisonColumns": _COMPARED,
    "ComparisonControls.AllowedLiteralComparisonColumns": _COMPARED,
    "DifferentialPrivacy": Whole(LESS, MORE),
    "DifferentialPrivacy.Columns": Entries("Name", added=LESS, removed=MORE, both=UNCLEAR),
    "DifferentialPrivacy.Columns.Name": _PERSON,
    "DisallowedOutputColumns": Items(
        LESS, MORE, note="This limits what results show, not what can be inferred."
    ),
}
_AGGREGATION: dict[str, Row] = {
    "AdditionalAnalyses": _ADDITIONAL,
    "AggregateColumns": Pairs("Function", "ColumnNames"),
    "AllowedJoinOperators": _JOINS,
    "DimensionColumns": Items(note="A dimension can be selected, filtered and grouped."),
    "JoinColumns": Items(note="More can be linked."),
    "JoinRequired": Value(
        UNCLEAR, added=LESS, removed=MORE, note="Without it, the whole table can be queried."
    ),
    "OutputConstraints": Entries("ColumnName", added=LESS, removed=MORE),
    "OutputConstraints.ColumnName": _PERSON,
    "OutputConstraints.Minimum": Amount(LESS, MORE),
    "OutputConstraints.Type": _PERSON,
    "ScalarFunctions": Items(),
}
_LIST: dict[str, Row] = {
    "AdditionalAnalyses": _ADDITIONAL,
    "AllowedJoinOperators": _JOINS,
    "JoinColumns": Items(note="More can be linked."),
    "ListColumns": Items(),
}

_RECEIVERS = Items(
    listed=UNCLEAR,
    unlisted=UNCLEAR,
    empty=UNCLEAR,
    note="AWS does not say what holds without it, or with an empty list.",
)


def _rules(*branches: str) -> dict[str, Row]:
    known = {"Aggregation": _AGGREGATION, "Custom": _CUSTOM, "List": _LIST}
    rows: dict[str, Row] = {
        "AnalysisRules": Special(
            "analysis_rule",
            "Without a rule, nobody can query the table.",
        ),
        "AnalysisRules.Type": _PERSON,
    }
    for branch in branches:
        rows |= _below(f"AnalysisRules.Policy.V1.{branch}", known[branch])
    return rows


def _rules_of_association(branch: str) -> dict[str, Row]:
    return _below(
        f"ConfiguredTableAssociationAnalysisRules.Policy.V1.{branch}",
        {
            "": Whole(UNCLEAR, UNCLEAR),
            "AllowedAdditionalAnalyses": Items(),
            "AllowedResultReceivers": _RECEIVERS,
        },
    )


_TABLE_REFERENCE = Value(UNCLEAR, note="Another table can be behind the name.")
_SNOWFLAKE = ("AccountIdentifier", "DatabaseName", "SchemaName", "SecretArn", "TableName")
_ATHENA = ("CatalogName", "DatabaseName", "OutputLocation", "Region", "TableName", "WorkGroup")
_MATCHING_RULES: dict[str, Row] = {
    "": Entries("RuleName", moved=UNCLEAR, note="Each rule can link more records."),
    "RuleName": _NO_MATTER,
    "MatchingKeys": Items(LESS, MORE, note="Records must agree in all keys of a rule."),
}
_ATTRIBUTES = Steps((("ONE_TO_ONE",), ("MANY_TO_MANY",)))
_RECORDS = ("ONE_SOURCE_TO_ONE_TARGET", "MANY_SOURCE_TO_ONE_TARGET")
_ML_LOGS: dict[str, Row] = {
    "": Entries("LogType", added=MORE, removed=LESS),
    "AllowedAccountIds": Items(),
    "FilterPattern": Value(UNCLEAR, added=LESS, removed=MORE),
    "LogRedactionConfiguration": Whole(LESS, MORE),
    "LogRedactionConfiguration.CustomEntityConfig": Whole(LESS, MORE),
    "LogRedactionConfiguration.CustomEntityConfig.CustomDataIdentifiers": Items(LESS, MORE),
    "LogRedactionConfiguration.EntitiesToRedact": Items(LESS, MORE),
    "LogType": _PERSON,
}
_ML_SIZE: dict[str, Row] = {
    "": Whole(LESS, MORE),
    "Unit": _PERSON,
    "Value": Amount(MORE, LESS),
}

_CLEAN_ROOMS: dict[str, dict[str, Row]] = {
    "AWS::CleanRooms::AnalysisTemplate": {
        **_DESCRIBED,
        "": Special("template"),
        "AnalysisParameters": Entries("Name", UNCLEAR, UNCLEAR),
        "AnalysisParameters.DefaultValue": _PERSON,
        "AnalysisParameters.Name": _PERSON,
        "AnalysisParameters.Type": _PERSON,
        "ErrorMessageConfiguration": Whole(MORE, LESS, "Detailed errors can contain data."),
        "ErrorMessageConfiguration.Type": _PERSON,
        "Format": _PERSON,
        "MembershipIdentifier": _PERSON,
        "Schema.ReferencedTables": Items(UNCLEAR, UNCLEAR),
        "Source.Artifacts.AdditionalArtifacts.Location.Bucket": _PERSON,
        "Source.Artifacts.AdditionalArtifacts.Location.Key": _PERSON,
        "Source.Artifacts.EntryPoint.Location.Bucket": _PERSON,
        "Source.Artifacts.EntryPoint.Location.Key": _PERSON,
        "Source.Artifacts.RoleArn": _ROLE,
        "Source.Text": Value(UNCLEAR, note="Read what the new text does."),
        "SourceMetadata.Artifacts.AdditionalArtifactHashes.Sha256": _PERSON,
        "SourceMetadata.Artifacts.EntryPointHash.Sha256": _PERSON,
        "SyntheticDataParameters": Whole(UNCLEAR, UNCLEAR),
        **_below(
            "SyntheticDataParameters.MlSyntheticDataParameters",
            {
                "ColumnClassification.ColumnMapping": Entries("ColumnName", UNCLEAR, UNCLEAR),
                "ColumnClassification.ColumnMapping.ColumnName": _PERSON,
                "ColumnClassification.ColumnMapping.ColumnType": _PERSON,
                "ColumnClassification.ColumnMapping.IsPredictiveValue": _PERSON,
                "Epsilon": Amount(MORE, LESS),
                "MaxMembershipInferenceAttackScore": Amount(MORE, LESS),
            },
        ),
    },
    "AWS::CleanRooms::Collaboration": {
        **_DESCRIBED,
        "": _NEW,
        "AllowedResultRegions": Items(
            listed=LESS,
            unlisted=MORE,
            empty=UNCLEAR,
            note="Without a list, all Regions are allowed. An empty one is not documented.",
        ),
        "AnalyticsEngine": _PERSON,
        "AutoApprovedChangeTypes": Items(
            values={
                "ADD_MEMBER": (MORE, LESS),
                "GRANT_RECEIVE_RESULTS_ABILITY": (MORE, LESS),
                "REVOKE_RECEIVE_RESULTS_ABILITY": (NEUTRAL, NEUTRAL),
            },
            note="Nobody is asked before these changes.",
        ),
        "CreatorDisplayName": _NO_MATTER,
        "CreatorMLMemberAbilities.CustomMLMemberAbilities": _ML_ABILITIES,
        "CreatorMemberAbilities": _ABILITIES,
        **_below("CreatorPaymentConfiguration", _PAYS),
        "DataEncryptionMetadata": Whole(
            LESS, MORE, "Without it, columns need not be encrypted by the members."
        ),
        "DataEncryptionMetadata.AllowCleartext": Flag(MORE, LESS),
        "DataEncryptionMetadata.AllowDuplicates": Flag(MORE, LESS),
        "DataEncryptionMetadata.AllowJoinsOnColumnsWithDifferentNames": Flag(MORE, LESS),
        "DataEncryptionMetadata.PreserveNulls": Flag(MORE, LESS),
        "IsMetricsEnabled": _NO_MATTER,
        "JobLogStatus": _LOG,
        "Members": Entries("AccountId"),
        "Members.AccountId": _PERSON,
        "Members.DisplayName": _NO_MATTER,
        "Members.MLMemberAbilities.CustomMLMemberAbilities": _ML_ABILITIES,
        "Members.MemberAbilities": _ABILITIES,
        **_below("Members.PaymentConfiguration", _PAYS),
        "QueryLogStatus": _LOG,
    },
    "AWS::CleanRooms::ConfiguredTable": {
        **_DESCRIBED,
        **_rules("Aggregation", "Custom", "List"),
        "": Whole(NEUTRAL, LESS, "Nobody can query a table before it is associated."),
        "AllowedColumns": Special("allowed_columns"),
        "AnalysisMethod": Special("analysis_method"),
        "SelectedAnalysisMethods": Special("analysis_method"),
        "TableReference": Whole(UNCLEAR, UNCLEAR, "Another table can be behind the name."),
        **_below("TableReference.Athena", dict.fromkeys(_ATHENA, _TABLE_REFERENCE)),
        "TableReference.Glue.DatabaseName": _TABLE_REFERENCE,
        "TableReference.Glue.Region": _TABLE_REFERENCE,
        "TableReference.Glue.TableName": _TABLE_REFERENCE,
        **_below("TableReference.Snowflake", dict.fromkeys(_SNOWFLAKE, _TABLE_REFERENCE)),
        "TableReference.Snowflake.TableSchema.V1": Entries("ColumnName", UNCLEAR, UNCLEAR),
        "TableReference.Snowflake.TableSchema.V1.ColumnName": _PERSON,
        "TableReference.Snowflake.TableSchema.V1.ColumnType": _PERSON,
    },
    "AWS::CleanRooms::ConfiguredTableAssociation": {
        **_DESCRIBED,
        "": _NEW,
        "ConfiguredTableAssociationAnalysisRules": Whole(UNCLEAR, UNCLEAR),
        "ConfiguredTableAssociationAnalysisRules.Type": _PERSON,
        **_rules_of_association("Aggregation"),
        **_rules_of_association("Custom"),
        **_rules_of_association("List"),
        "ConfiguredTableIdentifier": _TABLE_REFERENCE,
        "MembershipIdentifier": _PERSON,
        "RoleArn": _ROLE,
    },
    "AWS::CleanRooms::IdMappingTable": {
        **_DESCRIBED,
        "": _NEW,
        "InputReferenceConfig.InputReferenceArn": _PERSON,
        "InputReferenceConfig.ManageResourcePolicies": Flag(MORE, UNCLEAR),
        "KmsKeyArn": _KEY,
        "MembershipIdentifier": _PERSON,
    },
    "AWS::CleanRooms::IdNamespaceAssociation": {
        **_DESCRIBED,
        "": Whole(MORE, LESS, "Removing it also deletes the data of ID mapping tables."),
        "IdMappingConfig.AllowUseAsDimensionColumn": Flag(MORE, LESS, note="IDs can be selected."),
        "InputReferenceConfig.InputReferenceArn": _PERSON,
        "InputReferenceConfig.ManageResourcePolicies": Flag(MORE, UNCLEAR),
        "MembershipIdentifier": _PERSON,
    },
    "AWS::CleanRooms::IntermediateTable": {
        **_DESCRIBED,
        **_rules("Custom"),
        "": _NEW,
        "AnalysisRules.Policy.V1.Custom.AllowedResultReceivers": _RECEIVERS,
        "KmsKeyArn": _KEY,
        "MembershipIdentifier": _PERSON,
        "PopulationAnalysisConfiguration.SqlParameters.AnalysisTemplateArn": _PERSON,
        "PopulationAnalysisConfiguration.SqlParameters.QueryString": _PERSON,
    },
    "AWS::CleanRooms::Membership": {
        "": _NEW,
        "CollaborationIdentifier": _PERSON,
        "DefaultJobResultConfiguration": Whole(UNCLEAR, UNCLEAR, "Results go to another place."),
        "DefaultJobResultConfiguration.OutputConfiguration.S3.Bucket": _OUTPUT,
        "DefaultJobResultConfiguration.OutputConfiguration.S3.KeyPrefix": _OUTPUT,
        "DefaultJobResultConfiguration.RoleArn": _ROLE,
        "DefaultResultConfiguration": Whole(UNCLEAR, UNCLEAR, "Results go to another place."),
        "DefaultResultConfiguration.OutputConfiguration.S3.Bucket": _OUTPUT,
        "DefaultResultConfiguration.OutputConfiguration.S3.KeyPrefix": _OUTPUT,
        "DefaultResultConfiguration.OutputConfiguration.S3.ResultFormat": _NO_MATTER,
        "DefaultResultConfiguration.OutputConfiguration.S3.SingleFileOutput": _NO_MATTER,
        "DefaultResultConfiguration.RoleArn": _ROLE,
        "IsMetricsEnabled": _NO_MATTER,
        "JobLogStatus": _LOG,
        **_below("PaymentConfiguration", _PAYS),
        "QueryLogStatus": _LOG,
        "Tags": _TAGS,
    },
    "AWS::CleanRooms::PrivacyBudgetTemplate": {
        "": Special("budget"),
        "AutoRefresh": Special("refresh"),
        "MembershipIdentifier": _PERSON,
        "Parameters.BudgetParameters": Entries(
            "Type", UNCLEAR, UNCLEAR, note="Each edit of an access budget resets what was used."
        ),
        "Parameters.BudgetParameters.AutoRefresh": _PERSON,
        "Parameters.BudgetParameters.Budget": Amount(
            UNCLEAR, UNCLEAR, note="Each edit of an access budget resets what was used."
        ),
        "Parameters.BudgetParameters.Type": _PERSON,
        "Parameters.Epsilon": Amount(MORE, LESS),
        "Parameters.ResourceArn": _PERSON,
        "Parameters.UsersNoisePerQuery": Amount(
            NEUTRAL, MORE, note="More noise makes each result vaguer, but allows more queries."
        ),
        "PrivacyBudgetType": _PERSON,
        "Tags": _TAGS,
    },
    "AWS::CleanRoomsML::ConfiguredModelAlgorithm": {
        **_DESCRIBED,
        "": Whole(UNCLEAR, LESS),
        "InferenceContainerConfig.ImageUri": _PERSON,
        "KmsKeyArn": _KEY,
        "RoleArn": _ROLE,
        "TrainingContainerConfig.Arguments": Value(UNCLEAR),
        "TrainingContainerConfig.Entrypoint": Value(UNCLEAR),
        "TrainingContainerConfig.ImageUri": _PERSON,
        "TrainingContainerConfig.MetricDefinitions": Entries("Name"),
        "TrainingContainerConfig.MetricDefinitions.Name": _PERSON,
        "TrainingContainerConfig.MetricDefinitions.Regex": _PERSON,
    },
    "AWS::CleanRoomsML::ConfiguredModelAlgorithmAssociation": {
        **_DESCRIBED,
        "": _NEW,
        "ConfiguredModelAlgorithmArn": _PERSON,
        "MembershipIdentifier": _PERSON,
        "PrivacyConfiguration": Whole(
            UNCLEAR, UNCLEAR, "It can limit what leaves a model, and allow exports and logs."
        ),
        **_below(
            "PrivacyConfiguration.Policies",
            {
                "TrainedModelExports": Whole(MORE, LESS),
                "TrainedModelExports.FilesToExport": Items(
                    values={"MODEL": (MORE, LESS), "OUTPUT": (MORE, LESS)}
                ),
                **_below("TrainedModelExports.MaxSize", _ML_SIZE),
                "TrainedModelInferenceJobs": Whole(UNCLEAR, UNCLEAR),
                **_below("TrainedModelInferenceJobs.ContainerLogs", _ML_LOGS),
                **_below("TrainedModelInferenceJobs.MaxOutputSize", _ML_SIZE),
                "TrainedModels": Whole(UNCLEAR, UNCLEAR),
                **_below("TrainedModels.ContainerLogs", _ML_LOGS),
                "TrainedModels.ContainerMetrics": Whole(MORE, LESS),
                "TrainedModels.ContainerMetrics.NoiseLevel": Steps(
                    (("HIGH",), ("MEDIUM",), ("LOW",), ("NONE",))
                ),
                **_below("TrainedModels.MaxArtifactSize", _ML_SIZE),
            },
        ),
    },
    "AWS::CleanRoomsML::TrainingDataset": {
        **_DESCRIBED,
        "": Whole(MORE, LESS),
        "RoleArn": _ROLE,
        "TrainingData": Whole(UNCLEAR, UNCLEAR),
        "TrainingData.InputConfig.DataSource.GlueDataSource.CatalogId": _TABLE_REFERENCE,
        "TrainingData.InputConfig.DataSource.GlueDataSource.DatabaseName": _TABLE_REFERENCE,
        "TrainingData.InputConfig.DataSource.GlueDataSource.TableName": _TABLE_REFERENCE,
        "TrainingData.InputConfig.Schema": Entries("ColumnName"),
        "TrainingData.InputConfig.Schema.ColumnName": _PERSON,
        "TrainingData.InputConfig.Schema.ColumnTypes": Items(UNCLEAR, UNCLEAR),
        "TrainingData.Type": _PERSON,
    },
}

_PROVIDER: dict[str, Row] = {
    "ProviderConfiguration": _PERSON,
    "ProviderServiceArn": Value(UNCLEAR, note="Another provider receives the records."),
}
_PROVIDER_OF_WORKFLOW: dict[str, Row] = {
    **_PROVIDER,
    "IntermediateSourceConfiguration.IntermediateS3Path": _OUTPUT,
}
_NORMALIZATION = Value(UNCLEAR, note="More or fewer records can be linked.")
_SOURCES = Entries("InputSourceARN", note="Records of another table take part.")

_ENTITY_RESOLUTION: dict[str, dict[str, Row]] = {
    "AWS::EntityResolution::IdMappingWorkflow": {
        "": _NEW,
        "Description": _NO_MATTER,
        "IdMappingIncrementalRunConfig.IncrementalRunType": _NO_MATTER,
        "IdMappingTechniques.IdMappingType": _PERSON,
        "IdMappingTechniques.NormalizationVersion": _NORMALIZATION,
        **_below("IdMappingTechniques.ProviderProperties", _PROVIDER_OF_WORKFLOW),
        "IdMappingTechniques.RuleBasedProperties.AttributeMatchingModel": _ATTRIBUTES,
        "IdMappingTechniques.RuleBasedProperties.RecordMatchingModel": Steps(
            tuple((it,) for it in _RECORDS)
        ),
        "IdMappingTechniques.RuleBasedProperties.RuleDefinitionType": _PERSON,
        **_below("IdMappingTechniques.RuleBasedProperties.Rules", _MATCHING_RULES),
        "InputSourceConfig": replace(_SOURCES, key="InputSourceARN Type"),
        "InputSourceConfig.InputSourceARN": _PERSON,
        "InputSourceConfig.SchemaArn": _PERSON,
        "InputSourceConfig.Type": _PERSON,
        "OutputSourceConfig": Whole(UNCLEAR, UNCLEAR),
        "OutputSourceConfig.KMSArn": _KEY,
        "OutputSourceConfig.OutputS3Path": _OUTPUT,
        "RoleArn": _ROLE,
        "Tags": _TAGS,
        "WorkflowName": _NO_MATTER,
    },
    "AWS::EntityResolution::IdNamespace": {
        "": Whole(
            NEUTRAL, LESS, "Nobody can use it before it is associated or a policy allows it."
        ),
        "Description": _NO_MATTER,
        "IdMappingWorkflowProperties": Whole(UNCLEAR, UNCLEAR),
        "IdMappingWorkflowProperties.IdMappingType": _PERSON,
        **_below("IdMappingWorkflowProperties.ProviderProperties", _PROVIDER),
        "IdMappingWorkflowProperties.RuleBasedProperties.AttributeMatchingModel": _ATTRIBUTES,
        "IdMappingWorkflowProperties.RuleBasedProperties.RecordMatchingModels": Items(
            listed=UNCLEAR,
            unlisted=UNCLEAR,
            values={_RECORDS[0]: (NEUTRAL, NEUTRAL), _RECORDS[1]: (MORE, LESS)},
        ),
        "IdMappingWorkflowProperties.RuleBasedProperties.RuleDefinitionTypes": Items(
            UNCLEAR, UNCLEAR
        ),
        **_below("IdMappingWorkflowProperties.RuleBasedProperties.Rules", _MATCHING_RULES),
        "IdNamespaceName": _NO_MATTER,
        "InputSourceConfig": _SOURCES,
        "InputSourceConfig.InputSourceARN": _PERSON,
        "InputSourceConfig.SchemaName": _PERSON,
        "RoleArn": _ROLE,
        "Tags": _TAGS,
        "Type": _PERSON,
    },
    "AWS::EntityResolution::MatchingWorkflow": {
        "": _NEW,
        "Description": _NO_MATTER,
        "IncrementalRunConfig.IncrementalRunType": _NO_MATTER,
        "InputSourceConfig": _SOURCES,
        "InputSourceConfig.ApplyNormalization": _NORMALIZATION,
        "InputSourceConfig.InputSourceARN": _PERSON,
        "InputSourceConfig.SchemaArn": _PERSON,
        "OutputSourceConfig": Whole(UNCLEAR, UNCLEAR),
        "OutputSourceConfig.ApplyNormalization": _NORMALIZATION,
        "OutputSourceConfig.CustomerProfilesIntegrationConfig": Whole(
            MORE, LESS, "Records also go to Amazon Connect Customer Profiles."
        ),
        "OutputSourceConfig.CustomerProfilesIntegrationConfig.DomainArn": _OUTPUT,
        "OutputSourceConfig.CustomerProfilesIntegrationConfig.ObjectTypeArn": _OUTPUT,
        "OutputSourceConfig.KMSArn": _KEY,
        "OutputSourceConfig.Output": Entries("Name", listed=UNCLEAR, unlisted=UNCLEAR),
        "OutputSourceConfig.Output.Hashed": Flag(LESS, MORE),
        "OutputSourceConfig.Output.Name": _PERSON,
        "OutputSourceConfig.OutputS3Path": _OUTPUT,
        "ResolutionTechniques.EnableRealTimeMatching": _PERSON,
        **_below("ResolutionTechniques.ProviderProperties", _PROVIDER_OF_WORKFLOW),
        "ResolutionTechniques.ResolutionType": _PERSON,
        "ResolutionTechniques.RuleBasedProperties.AttributeMatchingModel": _ATTRIBUTES,
        "ResolutionTechniques.RuleBasedProperties.MatchPurpose": _PERSON,
        **_below("ResolutionTechniques.RuleBasedProperties.Rules", _MATCHING_RULES),
        "ResolutionTechniques.RuleConditionProperties.MatchingConfig.EnableTransitiveMatching": (
            Flag(MORE, LESS)
        ),
        "ResolutionTechniques.RuleConditionProperties.Rules": Entries("RuleName", moved=UNCLEAR),
        "ResolutionTechniques.RuleConditionProperties.Rules.Condition": _PERSON,
        "ResolutionTechniques.RuleConditionProperties.Rules.RuleName": _NO_MATTER,
        "RoleArn": _ROLE,
        "Tags": _TAGS,
        "WorkflowName": _NO_MATTER,
    },
    "AWS::EntityResolution::PolicyStatement": {
        **dict.fromkeys(("", "Action", "Arn", "Condition", "Effect", "Principal"), POLICY),
        "StatementId": _NO_MATTER,
    },
    "AWS::EntityResolution::SchemaMapping": {
        "": Whole(NEUTRAL, LESS, "It describes columns of a table."),
        "Description": _NO_MATTER,
        "MappedInputFields": Entries("FieldName"),
        "MappedInputFields.FieldName": _PERSON,
        "MappedInputFields.GroupName": _PERSON,
        "MappedInputFields.Hashed": Value(UNCLEAR, note="It says what the input is."),
        "MappedInputFields.MatchKey": _PERSON,
        "MappedInputFields.SubType": _PERSON,
        "MappedInputFields.Type": _PERSON,
        "SchemaName": _NO_MATTER,
        "Tags": _TAGS,
    },
}

_BOUNDARY = Value(UNCLEAR, added=LESS, removed=MORE, note="It limits what a role may do.")
_MANAGED = Special("managed_policies", "The template does not show what a managed policy allows.")
_IDENTITY: dict[str, Row] = {
    "": Whole(NEUTRAL, LESS),
    "ManagedPolicyArns": _MANAGED,
    "Path": _NO_MATTER,
    "Policies": POLICY,
}


def _inline(*holders: str) -> dict[str, Row]:
    return dict.fromkeys(("", "PolicyDocument", *holders), POLICY)


_IAM: dict[str, dict[str, Row]] = {
    "AWS::IAM::Group": {**_IDENTITY, "GroupName": _NO_MATTER},
    "AWS::IAM::GroupPolicy": {**_inline("GroupName"), "PolicyName": _NO_MATTER},
    "AWS::IAM::ManagedPolicy": {
        **_inline("Groups", "Roles", "Users"),
        **dict.fromkeys(("Description", "ManagedPolicyName", "Path"), _NO_MATTER),
    },
    "AWS::IAM::Policy": {**_inline("Groups", "Roles", "Users"), "PolicyName": _NO_MATTER},
    "AWS::IAM::Role": {
        **_IDENTITY,
        "AssumeRolePolicyDocument": POLICY,
        "Description": _NO_MATTER,
        "MaxSessionDuration": _NO_MATTER,
        "PermissionsBoundary": _BOUNDARY,
        "RoleName": _NO_MATTER,
        "Tags": _TAGS,
    },
    "AWS::IAM::RolePolicy": {**_inline("RoleName"), "PolicyName": _NO_MATTER},
    "AWS::IAM::User": {
        **_IDENTITY,
        "Groups": Items(UNCLEAR, LESS),
        "LoginProfile": _PERSON,
        "PermissionsBoundary": _BOUNDARY,
        "Tags": _TAGS,
        "UserName": _NO_MATTER,
    },
    "AWS::IAM::UserPolicy": {**_inline("UserName"), "PolicyName": _NO_MATTER},
    "AWS::IAM::UserToGroupAddition": {
        "": Whole(UNCLEAR, LESS),
        "GroupName": _PERSON,
        "Users": Items(UNCLEAR, LESS),
    },
}

BLOCKS: Final = (
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
)
_PUBLIC_ACCESS: dict[str, Row] = {
    "PublicAccessBlockConfiguration": Special(
        "public_access", "New buckets block public access until a configuration says otherwise."
    ),
    **_below("PublicAccessBlockConfiguration", dict.fromkeys(BLOCKS, Flag(LESS, MORE))),
}
_COPIES = Value(UNCLEAR, note="Data can be copied to another place.")
_S3: dict[str, dict[str, Row]] = {
    "AWS::S3::AccessPoint": {
        **_PUBLIC_ACCESS,
        "": Whole(UNCLEAR, LESS),
        "Bucket": _PERSON,
        "BucketAccountId": _PERSON,
        "Name": _NO_MATTER,
        "Policy": POLICY,
        "Tags": _TAGS,
        "VpcConfiguration": Value(UNCLEAR, added=LESS, removed=MORE),
    },
    "AWS::S3::Bucket": {
        **_PUBLIC_ACCESS,
        "": Whole(NEUTRAL, NEUTRAL),
        "AbacStatus": _PERSON,
        "AccelerateConfiguration": _NO_MATTER,
        "AccessControl": _PERSON,
        "AnalyticsConfigurations": _COPIES,
        "BucketEncryption": Value(UNCLEAR, added=LESS, removed=MORE),
        "BucketName": _PERSON,
        "BucketNamePrefix": _NO_MATTER,
        "BucketNamespace": _NO_MATTER,
        "CorsConfiguration": _NO_MATTER,
        "IntelligentTieringConfigurations": _NO_MATTER,
        "InventoryConfigurations": _COPIES,
        "LifecycleConfiguration": Special(
            "lifecycle", "Without an expiration, results and data are kept."
        ),
        "LoggingConfiguration": Value(NEUTRAL, added=SEEN, removed=UNSEEN),
        "MetadataConfiguration": _COPIES,
        "MetadataTableConfiguration": _COPIES,
        "MetricsConfigurations": _NO_MATTER,
        "NotificationConfiguration": _NO_MATTER,
        "ObjectLockConfiguration": _NO_MATTER,
        "ObjectLockEnabled": _NO_MATTER,
        "OwnershipControls": _PERSON,
        "ReplicationConfiguration": _COPIES,
        "Tags": _TAGS,
        "VersioningConfiguration": _NO_MATTER,
        "WebsiteConfiguration": _PERSON,
    },
    "AWS::S3::BucketPolicy": dict.fromkeys(("", "Bucket", "PolicyDocument"), POLICY),
}
_KEYS: dict[str, dict[str, Row]] = {
    "AWS::KMS::Alias": {
        "": Whole(NEUTRAL, NEUTRAL),
        "AliasName": _NO_MATTER,
        "TargetKeyId": _PERSON,
    },
    "AWS::KMS::Key": {
        "": Whole(NEUTRAL, NEUTRAL),
        "BypassPolicyLockoutSafetyCheck": _NO_MATTER,
        "Description": _NO_MATTER,
        "EnableKeyRotation": _NO_MATTER,
        "Enabled": Flag(UNCLEAR, LESS, default=True, note="Nothing can be read without the key."),
        "KeyPolicy": POLICY,
        "KeySpec": _PERSON,
        "KeyUsage": _PERSON,
        "MultiRegion": _PERSON,
        "Origin": _PERSON,
        "PendingWindowInDays": _NO_MATTER,
        "RotationPeriodInDays": _NO_MATTER,
        "Tags": _TAGS,
    },
}
_GLUE_COLUMNS = Special(
    "columns", "With CSV, another order of columns puts data behind the name of another column."
)
_STORAGE = (
    "InputFormat",
    "Location",
    "OutputFormat",
    "Parameters",
    "SchemaReference",
    "SerdeInfo",
)
_STORAGE_UNIMPORTANT = (
    "BucketColumns",
    "Compressed",
    "NumberOfBuckets",
    "SkewedInfo",
    "SortColumns",
    "StoredAsSubDirectories",
)
_TABLE_INPUT = (
    "Parameters",
    "TableType",
    "TargetTable",
    "ViewDefinition",
    "ViewExpandedText",
    "ViewOriginalText",
)
_GLUE: dict[str, dict[str, Row]] = {
    "AWS::Glue::Database": {
        "": Whole(NEUTRAL, LESS),
        "CatalogId": _PERSON,
        "DatabaseInput": _PERSON,
        "DatabaseName": _NO_MATTER,
    },
    "AWS::Glue::Table": {
        "": Whole(NEUTRAL, LESS),
        "CatalogId": _PERSON,
        "DatabaseName": _TABLE_REFERENCE,
        "Name": _TABLE_REFERENCE,
        "OpenTableFormatInput": _PERSON,
        "TableInput.Description": _NO_MATTER,
        "TableInput.Name": _TABLE_REFERENCE,
        "TableInput.Owner": _NO_MATTER,
        "TableInput.PartitionKeys": _GLUE_COLUMNS,
        "TableInput.Retention": _NO_MATTER,
        "TableInput.StorageDescriptor.Columns": _GLUE_COLUMNS,
        **_below("TableInput.StorageDescriptor", dict.fromkeys(_STORAGE, _TABLE_REFERENCE)),
        **_below("TableInput.StorageDescriptor", dict.fromkeys(_STORAGE_UNIMPORTANT, _NO_MATTER)),
        **_below("TableInput", dict.fromkeys(_TABLE_INPUT, _TABLE_REFERENCE)),
    },
}
_LOGS: dict[str, dict[str, Row]] = {
    "AWS::Logs::LogGroup": {
        "": Special("log_group"),
        "BearerTokenAuthenticationEnabled": _PERSON,
        "DataProtectionPolicy": Value(UNCLEAR, added=LESS, removed=MORE),
        "DeletionProtectionEnabled": _NO_MATTER,
        "FieldIndexPolicies": _NO_MATTER,
        "KmsKeyId": _KEY,
        "LogGroupClass": _NO_MATTER,
        "LogGroupName": _NO_MATTER,
        "ResourcePolicyDocument": _PERSON,
        "Tags": _TAGS,
        "RetentionInDays": Special("log_group", "Logs that are deleted cannot be read again."),
    },
}

TABLE: Final[Mapping[str, Mapping[str, Row]]] = {
    **_CLEAN_ROOMS,
    **_ENTITY_RESOLUTION,
    **_IAM,
    **_S3,
    **_KEYS,
    **_GLUE,
    **_LOGS,
}
"""For each resource type and path of a property, the direction of its changes. The empty path is
for the resource as a whole."""

_OPAQUE = (
    "AWS::Athena::DataCatalog",
    "AWS::Athena::WorkGroup",
    "AWS::Glue::",
    "AWS::IAM::",
    "AWS::KMS::",
    "AWS::LakeFormation::",
    "AWS::Organizations::Policy",
    "AWS::Organizations::ResourcePolicy",
    "AWS::RAM::",
    "AWS::RolesAnywhere::",
    "AWS::S3",
    "AWS::SSO::",
    "AWS::SecretsManager::ResourcePolicy",
)
_UNIMPORTANT = (
    "AWS::Glue::Blueprint",
    "AWS::Glue::Classifier",
    "AWS::Glue::CustomEntityType",
    "AWS::Glue::DataQualityRuleset",
    "AWS::Glue::Job",
    "AWS::Glue::MLTransform",
    "AWS::Glue::Trigger",
    "AWS::Glue::UsageProfile",
    "AWS::Glue::Workflow",
    "AWS::IAM::ServerCertificate",
    "AWS::IAM::ServiceLinkedRole",
    "AWS::IAM::VirtualMFADevice",
    "AWS::S3::StorageLens",
    "AWS::S3::StorageLensGroup",
)


def is_opaque(type_name: str) -> bool:
    """Return whether a type can decide who reads data, but a person must judge each change."""
    return (
        type_name.startswith(_OPAQUE) and type_name not in TABLE and type_name not in _UNIMPORTANT
    )
