"""AWS CDK constructs for AWS Clean Rooms and its ID mapping, in pure Python."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._core.validation import (
        Problem as Problem,
        ValidationError as ValidationError,
    )
    from .clean_rooms.analysis_rules import (
        AdditionalAnalyses as AdditionalAnalyses,
        AggregateExpressionType as AggregateExpressionType,
        AggregateFunction as AggregateFunction,
        AggregationAnalysisRule as AggregationAnalysisRule,
        AggregationThreshold as AggregationThreshold,
        AnalysisMethod as AnalysisMethod,
        AnalysisRuleType as AnalysisRuleType,
        AnyAnalysis as AnyAnalysis,
        CustomAnalysisRule as CustomAnalysisRule,
        JoinOperator as JoinOperator,
        ListAnalysisRule as ListAnalysisRule,
        ScalarFunction as ScalarFunction,
    )
    from .clean_rooms.analysis_sources import (
        Parameter as Parameter,
        ParameterType as ParameterType,
        PySparkSource as PySparkSource,
        SqlSource as SqlSource,
    )
    from .clean_rooms.analysis_template import (
        AnalysisTemplate as AnalysisTemplate,
        IAnalysisTemplate as IAnalysisTemplate,
    )
    from .clean_rooms.analysis_template_grants import (
        AnalysisTemplateGrants as AnalysisTemplateGrants,
    )
    from .clean_rooms.budgets import (
        AccessBudget as AccessBudget,
        BudgetPeriod as BudgetPeriod,
        DifferentialPrivacyBudget as DifferentialPrivacyBudget,
        PeriodBudget as PeriodBudget,
    )
    from .clean_rooms.collaboration import (
        AutoApprovedChangeType as AutoApprovedChangeType,
        Collaboration as Collaboration,
        DataEncryptionMetadata as DataEncryptionMetadata,
        ICollaboration as ICollaboration,
        ILookedUpCollaboration as ILookedUpCollaboration,
    )
    from .clean_rooms.collaboration_grants import (
        CollaborationGrants as CollaborationGrants,
    )
    from .clean_rooms.configured_table import (
        ConfiguredTable as ConfiguredTable,
        IConfiguredTable as IConfiguredTable,
        ILookedUpConfiguredTable as ILookedUpConfiguredTable,
    )
    from .clean_rooms.configured_table_association import (
        ConfiguredTableAssociation as ConfiguredTableAssociation,
        IConfiguredTableAssociation as IConfiguredTableAssociation,
        ILookedUpConfiguredTableAssociation as ILookedUpConfiguredTableAssociation,
    )
    from .clean_rooms.configured_table_association_grants import (
        ConfiguredTableAssociationGrants as ConfiguredTableAssociationGrants,
    )
    from .clean_rooms.configured_table_grants import (
        ConfiguredTableGrants as ConfiguredTableGrants,
    )
    from .clean_rooms.id_mapping_table import (
        IdMappingTable as IdMappingTable,
        IIdMappingTable as IIdMappingTable,
        ILookedUpIdMappingTable as ILookedUpIdMappingTable,
    )
    from .clean_rooms.id_mapping_table_grants import (
        IdMappingTableGrants as IdMappingTableGrants,
    )
    from .clean_rooms.id_namespace_association import (
        IdNamespaceAssociation as IdNamespaceAssociation,
        IIdNamespaceAssociation as IIdNamespaceAssociation,
        ILookedUpIdNamespaceAssociation as ILookedUpIdNamespaceAssociation,
    )
    from .clean_rooms.id_namespace_association_grants import (
        IdNamespaceAssociationGrants as IdNamespaceAssociationGrants,
    )
    from .clean_rooms.member import (
        CustomMLMemberAbility as CustomMLMemberAbility,
        Member as Member,
        MemberAbility as MemberAbility,
        PaymentResponsibility as PaymentResponsibility,
    )
    from .clean_rooms.membership import (
        ILookedUpMembership as ILookedUpMembership,
        IMembership as IMembership,
        Membership as Membership,
    )
    from .clean_rooms.membership_grants import (
        MembershipGrants as MembershipGrants,
    )
    from .clean_rooms.privacy_budget_template import (
        IPrivacyBudgetTemplate as IPrivacyBudgetTemplate,
        PrivacyBudgetTemplate as PrivacyBudgetTemplate,
    )
    from .clean_rooms.privacy_budget_template_grants import (
        PrivacyBudgetTemplateGrants as PrivacyBudgetTemplateGrants,
    )
    from .clean_rooms.results import (
        JobResults as JobResults,
        ResultFormat as ResultFormat,
        Results as Results,
    )
    from .clean_rooms.table_sources import (
        AthenaTable as AthenaTable,
        GlueTable as GlueTable,
        SnowflakeTable as SnowflakeTable,
    )
    from .entity_resolution.id_mapping_workflow import (
        IdMappingWorkflow as IdMappingWorkflow,
        IIdMappingWorkflow as IIdMappingWorkflow,
        ILookedUpIdMappingWorkflow as ILookedUpIdMappingWorkflow,
    )
    from .entity_resolution.id_mapping_workflow_grants import (
        IdMappingWorkflowGrants as IdMappingWorkflowGrants,
    )
    from .entity_resolution.id_namespace import (
        IdNamespace as IdNamespace,
        IdNamespaceType as IdNamespaceType,
        IIdNamespace as IIdNamespace,
        ILookedUpIdNamespace as ILookedUpIdNamespace,
    )
    from .entity_resolution.id_namespace_grants import (
        IdNamespaceGrants as IdNamespaceGrants,
    )
    from .entity_resolution.matching_models import (
        AttributeMatchingModel as AttributeMatchingModel,
        MatchPurpose as MatchPurpose,
        RecordMatchingModel as RecordMatchingModel,
        RuleDefinitionType as RuleDefinitionType,
    )
    from .entity_resolution.matching_workflow import (
        ILookedUpMatchingWorkflow as ILookedUpMatchingWorkflow,
        IMatchingWorkflow as IMatchingWorkflow,
        MatchingWorkflow as MatchingWorkflow,
    )
    from .entity_resolution.matching_workflow_grants import (
        MatchingWorkflowGrants as MatchingWorkflowGrants,
    )
    from .entity_resolution.schema_mapping import (
        ILookedUpSchemaMapping as ILookedUpSchemaMapping,
        ISchemaMapping as ISchemaMapping,
        SchemaAttributeType as SchemaAttributeType,
        SchemaInputAttribute as SchemaInputAttribute,
        SchemaMapping as SchemaMapping,
    )
    from .entity_resolution.schema_mapping_grants import (
        SchemaMappingGrants as SchemaMappingGrants,
    )
    from .entity_resolution.tables import (
        MatchingWorkflowOutput as MatchingWorkflowOutput,
        TableInput as TableInput,
        WorkflowOutput as WorkflowOutput,
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
    "AttributeMatchingModel": "entity_resolution.matching_models",
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
    "IIdMappingWorkflow": "entity_resolution.id_mapping_workflow",
    "IIdNamespace": "entity_resolution.id_namespace",
    "IIdNamespaceAssociation": "clean_rooms.id_namespace_association",
    "ILookedUpCollaboration": "clean_rooms.collaboration",
    "ILookedUpConfiguredTable": "clean_rooms.configured_table",
    "ILookedUpConfiguredTableAssociation": "clean_rooms.configured_table_association",
    "ILookedUpIdMappingTable": "clean_rooms.id_mapping_table",
    "ILookedUpIdMappingWorkflow": "entity_resolution.id_mapping_workflow",
    "ILookedUpIdNamespace": "entity_resolution.id_namespace",
    "ILookedUpIdNamespaceAssociation": "clean_rooms.id_namespace_association",
    "ILookedUpMatchingWorkflow": "entity_resolution.matching_workflow",
    "ILookedUpMembership": "clean_rooms.membership",
    "ILookedUpSchemaMapping": "entity_resolution.schema_mapping",
    "IMatchingWorkflow": "entity_resolution.matching_workflow",
    "IMembership": "clean_rooms.membership",
    "IPrivacyBudgetTemplate": "clean_rooms.privacy_budget_template",
    "ISchemaMapping": "entity_resolution.schema_mapping",
    "IdMappingTable": "clean_rooms.id_mapping_table",
    "IdMappingTableGrants": "clean_rooms.id_mapping_table_grants",
    "IdMappingWorkflow": "entity_resolution.id_mapping_workflow",
    "IdMappingWorkflowGrants": "entity_resolution.id_mapping_workflow_grants",
    "IdNamespace": "entity_resolution.id_namespace",
    "IdNamespaceAssociation": "clean_rooms.id_namespace_association",
    "IdNamespaceAssociationGrants": "clean_rooms.id_namespace_association_grants",
    "IdNamespaceGrants": "entity_resolution.id_namespace_grants",
    "IdNamespaceType": "entity_resolution.id_namespace",
    "JobResults": "clean_rooms.results",
    "JoinOperator": "clean_rooms.analysis_rules",
    "ListAnalysisRule": "clean_rooms.analysis_rules",
    "MatchPurpose": "entity_resolution.matching_models",
    "MatchingWorkflow": "entity_resolution.matching_workflow",
    "MatchingWorkflowGrants": "entity_resolution.matching_workflow_grants",
    "MatchingWorkflowOutput": "entity_resolution.tables",
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
    "RecordMatchingModel": "entity_resolution.matching_models",
    "ResultFormat": "clean_rooms.results",
    "Results": "clean_rooms.results",
    "RuleDefinitionType": "entity_resolution.matching_models",
    "ScalarFunction": "clean_rooms.analysis_rules",
    "SchemaAttributeType": "entity_resolution.schema_mapping",
    "SchemaInputAttribute": "entity_resolution.schema_mapping",
    "SchemaMapping": "entity_resolution.schema_mapping",
    "SchemaMappingGrants": "entity_resolution.schema_mapping_grants",
    "SnowflakeTable": "clean_rooms.table_sources",
    "SqlSource": "clean_rooms.analysis_sources",
    "TableInput": "entity_resolution.tables",
    "ValidationError": "_core.validation",
    "WorkflowOutput": "entity_resolution.tables",
}

if not TYPE_CHECKING:
    # Hidden from type checkers, which would otherwise accept any name.
    __all__ = [*_MODULES]

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        import_module(f"{__name__}._core.keywords").report_unknown_keywords(value)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
