"""AWS CDK constructs for AWS Clean Rooms and its ID mapping, in pure Python."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._core.validation import Problem, ValidationError
    from .collaboration import (
        AutoApprovedChangeType,
        Collaboration,
        DataEncryptionMetadata,
        ICollaboration,
        ILookedUpCollaboration,
    )
    from .collaboration_grants import CollaborationGrants
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
        RecordMatchingModel,
        RuleDefinitionType,
        SchemaAttributeType,
        SchemaInputAttribute,
        SchemaMapping,
        SchemaMappingGrants,
        TableInput,
        WorkflowOutput,
    )
    from .id_mapping_table import IdMappingTable, IIdMappingTable, ILookedUpIdMappingTable
    from .id_mapping_table_grants import IdMappingTableGrants
    from .id_namespace_association import (
        IdNamespaceAssociation,
        IIdNamespaceAssociation,
        ILookedUpIdNamespaceAssociation,
    )
    from .id_namespace_association_grants import IdNamespaceAssociationGrants
    from .member import CustomMLMemberAbility, Member, MemberAbility, PaymentResponsibility
    from .membership import ILookedUpMembership, IMembership, Membership
    from .membership_grants import MembershipGrants
    from .results import JobResults, ResultFormat, Results

# A module is loaded when one of its names is first used, so that an app pays for no other.
_MODULES = {
    "AttributeMatchingModel": "entity_resolution",
    "AutoApprovedChangeType": "collaboration",
    "Collaboration": "collaboration",
    "CollaborationGrants": "collaboration_grants",
    "CustomMLMemberAbility": "member",
    "DataEncryptionMetadata": "collaboration",
    "ICollaboration": "collaboration",
    "IIdMappingTable": "id_mapping_table",
    "IIdMappingWorkflow": "entity_resolution",
    "IIdNamespace": "entity_resolution",
    "IIdNamespaceAssociation": "id_namespace_association",
    "ILookedUpCollaboration": "collaboration",
    "ILookedUpIdMappingTable": "id_mapping_table",
    "ILookedUpIdMappingWorkflow": "entity_resolution",
    "ILookedUpIdNamespace": "entity_resolution",
    "ILookedUpIdNamespaceAssociation": "id_namespace_association",
    "ILookedUpMatchingWorkflow": "entity_resolution",
    "ILookedUpMembership": "membership",
    "ILookedUpSchemaMapping": "entity_resolution",
    "IMatchingWorkflow": "entity_resolution",
    "IMembership": "membership",
    "ISchemaMapping": "entity_resolution",
    "IdMappingTable": "id_mapping_table",
    "IdMappingTableGrants": "id_mapping_table_grants",
    "IdMappingWorkflow": "entity_resolution",
    "IdMappingWorkflowGrants": "entity_resolution",
    "IdNamespace": "entity_resolution",
    "IdNamespaceAssociation": "id_namespace_association",
    "IdNamespaceAssociationGrants": "id_namespace_association_grants",
    "IdNamespaceGrants": "entity_resolution",
    "IdNamespaceType": "entity_resolution",
    "JobResults": "results",
    "MatchingWorkflow": "entity_resolution",
    "MatchingWorkflowGrants": "entity_resolution",
    "MatchingWorkflowOutput": "entity_resolution",
    "Member": "member",
    "MemberAbility": "member",
    "Membership": "membership",
    "MembershipGrants": "membership_grants",
    "PaymentResponsibility": "member",
    "Problem": "_core.validation",
    "RecordMatchingModel": "entity_resolution",
    "ResultFormat": "results",
    "Results": "results",
    "RuleDefinitionType": "entity_resolution",
    "SchemaAttributeType": "entity_resolution",
    "SchemaInputAttribute": "entity_resolution",
    "SchemaMapping": "entity_resolution",
    "SchemaMappingGrants": "entity_resolution",
    "TableInput": "entity_resolution",
    "ValidationError": "_core.validation",
    "WorkflowOutput": "entity_resolution",
}

__all__ = [
    "AttributeMatchingModel",
    "AutoApprovedChangeType",
    "Collaboration",
    "CollaborationGrants",
    "CustomMLMemberAbility",
    "DataEncryptionMetadata",
    "ICollaboration",
    "IIdMappingTable",
    "IIdMappingWorkflow",
    "IIdNamespace",
    "IIdNamespaceAssociation",
    "ILookedUpCollaboration",
    "ILookedUpIdMappingTable",
    "ILookedUpIdMappingWorkflow",
    "ILookedUpIdNamespace",
    "ILookedUpIdNamespaceAssociation",
    "ILookedUpMatchingWorkflow",
    "ILookedUpMembership",
    "ILookedUpSchemaMapping",
    "IMatchingWorkflow",
    "IMembership",
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
    "MatchingWorkflow",
    "MatchingWorkflowGrants",
    "MatchingWorkflowOutput",
    "Member",
    "MemberAbility",
    "Membership",
    "MembershipGrants",
    "PaymentResponsibility",
    "Problem",
    "RecordMatchingModel",
    "ResultFormat",
    "Results",
    "RuleDefinitionType",
    "SchemaAttributeType",
    "SchemaInputAttribute",
    "SchemaMapping",
    "SchemaMappingGrants",
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
