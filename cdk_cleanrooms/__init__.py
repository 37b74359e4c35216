"""AWS CDK constructs for AWS Clean Rooms and its ID mapping, in pure Python."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._core.validation import Problem, ValidationError
    from .clean_rooms.analysis_rules import (
        AdditionalAnalyses,
        AggregateExpressionType,
        AggregateFunction,
        AggregationAnalysisRule,
        AggregationThreshold,
        AnalysisMethod,
        AnalysisRuleType,
        AnyAnalysis,
        CustomAnalysisRule,
        JoinOperator,
        ListAnalysisRule,
        ScalarFunction,
    )
    from .clean_rooms.analysis_sources import Parameter, ParameterType, PySparkSource, SqlSource
    from .clean_rooms.analysis_template import AnalysisTemplate, IAnalysisTemplate
    from .clean_rooms.analysis_template_grants import AnalysisTemplateGrants
    from .clean_rooms.budgets import (
        AccessBudget,
        BudgetPeriod,
        DifferentialPrivacyBudget,
        PeriodBudget,
    )
    from .clean_rooms.collaboration import (
        AutoApprovedChangeType,
        Collaboration,
        DataEncryptionMetadata,
        ICollaboration,
        ILookedUpCollaboration,
    )
    from .clean_rooms.collaboration_grants import CollaborationGrants
    from .clean_rooms.configured_table import (
        ConfiguredTable,
        IConfiguredTable,
        ILookedUpConfiguredTable,
    )
    from .clean_rooms.configured_table_association import (
        ConfiguredTableAssociation,
        IConfiguredTableAssociation,
    )
    from .clean_rooms.configured_table_association_grants import ConfiguredTableAssociationGrants
    from .clean_rooms.configured_table_grants import ConfiguredTableGrants
    from .clean_rooms.id_mapping_table import (
        IdMappingTable,
        IIdMappingTable,
        ILookedUpIdMappingTable,
    )
    from .clean_rooms.id_mapping_table_grants import IdMappingTableGrants
    from .clean_rooms.id_namespace_association import (
        IdNamespaceAssociation,
        IIdNamespaceAssociation,
        ILookedUpIdNamespaceAssociation,
    )
    from .clean_rooms.id_namespace_association_grants import IdNamespaceAssociationGrants
    from .clean_rooms.member import (
        CustomMLMemberAbility,
        Member,
        MemberAbility,
        PaymentResponsibility,
    )
    from .clean_rooms.membership import ILookedUpMembership, IMembership, Membership
    from .clean_rooms.membership_grants import MembershipGrants
    from .clean_rooms.privacy_budget_template import IPrivacyBudgetTemplate, PrivacyBudgetTemplate
    from .clean_rooms.privacy_budget_template_grants import PrivacyBudgetTemplateGrants
    from .clean_rooms.results import JobResults, ResultFormat, Results
    from .clean_rooms.table_sources import AthenaTable, GlueTable, SnowflakeTable
    from .entity_resolution import (
        AttributeMatchingModel,
        IdMappingWorkflow,
        IdMappingWorkflowGrants,
        IdNamespace,
        IdNamespaceGrants,
        IdNamespaceType,
        IIdMappingWorkflow,
        IIdNamespace,
        ILookedUpIdMappingWorkflow,
        ILookedUpIdNamespace,
        ILookedUpMatchingWorkflow,
        ILookedUpSchemaMapping,
        IMatchingWorkflow,
        ISchemaMapping,
        MatchingWorkflow,
        MatchingWorkflowGrants,
        MatchingWorkflowOutput,
        MatchPurpose,
        RecordMatchingModel,
        RuleDefinitionType,
        SchemaAttributeType,
        SchemaInputAttribute,
        SchemaMapping,
        SchemaMappingGrants,
        TableInput,
        WorkflowOutput,
    )

# A module is loaded when one of its names is first used, so that an app pays for no other.
_MODULES = {
    "AccessBudget": "clean_rooms.budgets",
    "AdditionalAnalyses": "clean_rooms.analysis_rules",
    "AggregateExpressionType": "clean_rooms.analysis_rules",
    "AggregateFunction": "clean_rooms.analysis_rules",
    "AggregationAnalysisRule": "clean_rooms.analysis_rules",
    "AggregationThreshold": "clean_rooms.analysis_rules",
    "AnalysisMethod": "clean_rooms.analysis_rules",
    "AnalysisRuleType": "clean_rooms.analysis_rules",
    "AnalysisTemplate": "clean_rooms.analysis_template",
    "AnalysisTemplateGrants": "clean_rooms.analysis_template_grants",
    "AnyAnalysis": "clean_rooms.analysis_rules",
    "AthenaTable": "clean_rooms.table_sources",
    "AttributeMatchingModel": "entity_resolution",
    "AutoApprovedChangeType": "clean_rooms.collaboration",
    "BudgetPeriod": "clean_rooms.budgets",
    "Collaboration": "clean_rooms.collaboration",
    "CollaborationGrants": "clean_rooms.collaboration_grants",
    "ConfiguredTable": "clean_rooms.configured_table",
    "ConfiguredTableAssociation": "clean_rooms.configured_table_association",
    "ConfiguredTableAssociationGrants": "clean_rooms.configured_table_association_grants",
    "ConfiguredTableGrants": "clean_rooms.configured_table_grants",
    "CustomAnalysisRule": "clean_rooms.analysis_rules",
    "CustomMLMemberAbility": "clean_rooms.member",
    "DataEncryptionMetadata": "clean_rooms.collaboration",
    "DifferentialPrivacyBudget": "clean_rooms.budgets",
    "GlueTable": "clean_rooms.table_sources",
    "IAnalysisTemplate": "clean_rooms.analysis_template",
    "ICollaboration": "clean_rooms.collaboration",
    "IConfiguredTable": "clean_rooms.configured_table",
    "IConfiguredTableAssociation": "clean_rooms.configured_table_association",
    "IIdMappingTable": "clean_rooms.id_mapping_table",
    "IIdMappingWorkflow": "entity_resolution",
    "IIdNamespace": "entity_resolution",
    "IIdNamespaceAssociation": "clean_rooms.id_namespace_association",
    "ILookedUpCollaboration": "clean_rooms.collaboration",
    "ILookedUpConfiguredTable": "clean_rooms.configured_table",
    "ILookedUpIdMappingTable": "clean_rooms.id_mapping_table",
    "ILookedUpIdMappingWorkflow": "entity_resolution",
    "ILookedUpIdNamespace": "entity_resolution",
    "ILookedUpIdNamespaceAssociation": "clean_rooms.id_namespace_association",
    "ILookedUpMatchingWorkflow": "entity_resolution",
    "ILookedUpMembership": "clean_rooms.membership",
    "ILookedUpSchemaMapping": "entity_resolution",
    "IMatchingWorkflow": "entity_resolution",
    "IMembership": "clean_rooms.membership",
    "IPrivacyBudgetTemplate": "clean_rooms.privacy_budget_template",
    "ISchemaMapping": "entity_resolution",
    "IdMappingTable": "clean_rooms.id_mapping_table",
    "IdMappingTableGrants": "clean_rooms.id_mapping_table_grants",
    "IdMappingWorkflow": "entity_resolution",
    "IdMappingWorkflowGrants": "entity_resolution",
    "IdNamespace": "entity_resolution",
    "IdNamespaceAssociation": "clean_rooms.id_namespace_association",
    "IdNamespaceAssociationGrants": "clean_rooms.id_namespace_association_grants",
    "IdNamespaceGrants": "entity_resolution",
    "IdNamespaceType": "entity_resolution",
    "JobResults": "clean_rooms.results",
    "JoinOperator": "clean_rooms.analysis_rules",
    "ListAnalysisRule": "clean_rooms.analysis_rules",
    "MatchingWorkflow": "entity_resolution",
    "MatchingWorkflowGrants": "entity_resolution",
    "MatchingWorkflowOutput": "entity_resolution",
    "Member": "clean_rooms.member",
    "MemberAbility": "clean_rooms.member",
    "Membership": "clean_rooms.membership",
    "MembershipGrants": "clean_rooms.membership_grants",
    "Parameter": "clean_rooms.analysis_sources",
    "ParameterType": "clean_rooms.analysis_sources",
    "PaymentResponsibility": "clean_rooms.member",
    "PeriodBudget": "clean_rooms.budgets",
    "PrivacyBudgetTemplate": "clean_rooms.privacy_budget_template",
    "PrivacyBudgetTemplateGrants": "clean_rooms.privacy_budget_template_grants",
    "Problem": "_core.validation",
    "PySparkSource": "clean_rooms.analysis_sources",
    "MatchPurpose": "entity_resolution",
    "RecordMatchingModel": "entity_resolution",
    "ResultFormat": "clean_rooms.results",
    "Results": "clean_rooms.results",
    "RuleDefinitionType": "entity_resolution",
    "ScalarFunction": "clean_rooms.analysis_rules",
    "SchemaAttributeType": "entity_resolution",
    "SchemaInputAttribute": "entity_resolution",
    "SchemaMapping": "entity_resolution",
    "SchemaMappingGrants": "entity_resolution",
    "SnowflakeTable": "clean_rooms.table_sources",
    "SqlSource": "clean_rooms.analysis_sources",
    "TableInput": "entity_resolution",
    "ValidationError": "_core.validation",
    "WorkflowOutput": "entity_resolution",
}

__all__ = [
    "AccessBudget",
    "AdditionalAnalyses",
    "AggregateExpressionType",
    "AggregateFunction",
    "AggregationAnalysisRule",
    "AggregationThreshold",
    "AnalysisMethod",
    "AnalysisRuleType",
    "AnalysisTemplate",
    "AnalysisTemplateGrants",
    "AnyAnalysis",
    "AthenaTable",
    "AttributeMatchingModel",
    "AutoApprovedChangeType",
    "BudgetPeriod",
    "Collaboration",
    "CollaborationGrants",
    "ConfiguredTable",
    "ConfiguredTableAssociation",
    "ConfiguredTableAssociationGrants",
    "ConfiguredTableGrants",
    "CustomAnalysisRule",
    "CustomMLMemberAbility",
    "DataEncryptionMetadata",
    "DifferentialPrivacyBudget",
    "GlueTable",
    "IAnalysisTemplate",
    "ICollaboration",
    "IConfiguredTable",
    "IConfiguredTableAssociation",
    "IIdMappingTable",
    "IIdMappingWorkflow",
    "IIdNamespace",
    "IIdNamespaceAssociation",
    "ILookedUpCollaboration",
    "ILookedUpConfiguredTable",
    "ILookedUpIdMappingTable",
    "ILookedUpIdMappingWorkflow",
    "ILookedUpIdNamespace",
    "ILookedUpIdNamespaceAssociation",
    "ILookedUpMatchingWorkflow",
    "ILookedUpMembership",
    "ILookedUpSchemaMapping",
    "IMatchingWorkflow",
    "IMembership",
    "IPrivacyBudgetTemplate",
    "ISchemaMapping",
    "IdMappingTable",
    "IdMappingTableGrants",
    "IdMappingWorkflow",
    "IdMappingWorkflowGrants",
    "IdNamespace",
    "IdNamespaceAssociation",
    "IdNamespaceAssociationGrants",
    "IdNamespaceGrants",
    "IdNamespaceType",
    "JobResults",
    "JoinOperator",
    "ListAnalysisRule",
    "MatchPurpose",
    "MatchingWorkflow",
    "MatchingWorkflowGrants",
    "MatchingWorkflowOutput",
    "Member",
    "MemberAbility",
    "Membership",
    "MembershipGrants",
    "Parameter",
    "ParameterType",
    "PaymentResponsibility",
    "PeriodBudget",
    "PrivacyBudgetTemplate",
    "PrivacyBudgetTemplateGrants",
    "Problem",
    "PySparkSource",
    "RecordMatchingModel",
    "ResultFormat",
    "Results",
    "RuleDefinitionType",
    "ScalarFunction",
    "SchemaAttributeType",
    "SchemaInputAttribute",
    "SchemaMapping",
    "SchemaMappingGrants",
    "SnowflakeTable",
    "SqlSource",
    "TableInput",
    "ValidationError",
    "WorkflowOutput",
]

if not TYPE_CHECKING:
    # Hidden from type checkers, which would otherwise accept any name.
    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
