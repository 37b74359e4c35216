"""Constructs for the part of AWS Entity Resolution that ID mapping in Clean Rooms needs."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .id_mapping_workflow import (
        IdMappingWorkflow,
        IIdMappingWorkflow,
        ILookedUpIdMappingWorkflow,
    )
    from .id_mapping_workflow_grants import IdMappingWorkflowGrants
    from .id_namespace import IdNamespace, IdNamespaceType, IIdNamespace, ILookedUpIdNamespace
    from .id_namespace_grants import IdNamespaceGrants
    from .matching_models import (
        AttributeMatchingModel,
        MatchPurpose,
        RecordMatchingModel,
        RuleDefinitionType,
    )
    from .matching_workflow import (
        ILookedUpMatchingWorkflow,
        IMatchingWorkflow,
        MatchingWorkflow,
    )
    from .matching_workflow_grants import MatchingWorkflowGrants
    from .schema_mapping import (
        ILookedUpSchemaMapping,
        ISchemaMapping,
        SchemaAttributeType,
        SchemaInputAttribute,
        SchemaMapping,
    )
    from .schema_mapping_grants import SchemaMappingGrants
    from .tables import MatchingWorkflowOutput, TableInput, WorkflowOutput

# A module is loaded when one of its names is first used, so that an app pays for no other.
_MODULES = {
    "AttributeMatchingModel": "matching_models",
    "IIdMappingWorkflow": "id_mapping_workflow",
    "IIdNamespace": "id_namespace",
    "ILookedUpIdMappingWorkflow": "id_mapping_workflow",
    "ILookedUpIdNamespace": "id_namespace",
    "ILookedUpMatchingWorkflow": "matching_workflow",
    "ILookedUpSchemaMapping": "schema_mapping",
    "IMatchingWorkflow": "matching_workflow",
    "ISchemaMapping": "schema_mapping",
    "IdMappingWorkflow": "id_mapping_workflow",
    "IdMappingWorkflowGrants": "id_mapping_workflow_grants",
    "IdNamespace": "id_namespace",
    "IdNamespaceGrants": "id_namespace_grants",
    "IdNamespaceType": "id_namespace",
    "MatchingWorkflow": "matching_workflow",
    "MatchingWorkflowGrants": "matching_workflow_grants",
    "MatchingWorkflowOutput": "tables",
    "MatchPurpose": "matching_models",
    "RecordMatchingModel": "matching_models",
    "RuleDefinitionType": "matching_models",
    "SchemaAttributeType": "schema_mapping",
    "SchemaInputAttribute": "schema_mapping",
    "SchemaMapping": "schema_mapping",
    "SchemaMappingGrants": "schema_mapping_grants",
    "TableInput": "tables",
    "WorkflowOutput": "tables",
}

__all__ = [
    "AttributeMatchingModel",
    "IIdMappingWorkflow",
    "IIdNamespace",
    "ILookedUpIdMappingWorkflow",
    "ILookedUpIdNamespace",
    "ILookedUpMatchingWorkflow",
    "ILookedUpSchemaMapping",
    "IMatchingWorkflow",
    "ISchemaMapping",
    "IdMappingWorkflow",
    "IdMappingWorkflowGrants",
    "IdNamespace",
    "IdNamespaceGrants",
    "IdNamespaceType",
    "MatchPurpose",
    "MatchingWorkflow",
    "MatchingWorkflowGrants",
    "MatchingWorkflowOutput",
    "RecordMatchingModel",
    "RuleDefinitionType",
    "SchemaAttributeType",
    "SchemaInputAttribute",
    "SchemaMapping",
    "SchemaMappingGrants",
    "TableInput",
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
