"""AWS CDK constructs for AWS Clean Rooms and its ID mapping, in pure Python."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._core.validation import Problem, ValidationError
    from .clean_rooms.collaboration import (
        AutoApprovedChangeType,
        Collaboration,
        DataEncryptionMetadata,
        ICollaboration,
        ILookedUpCollaboration,
    )
    from .clean_rooms.collaboration_grants import CollaborationGrants
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
    from .clean_rooms.results import JobResults, ResultFormat, Results
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

# A module is loaded when one of its names is first used, so that an app pays for no other.
_MODULES = {
    "AttributeMatchingModel": "entity_resolution",
    "AutoApprovedChangeType": "clean_rooms.collaboration",
    "Collaboration": "clean_rooms.collaboration",
    "CollaborationGrants": "clean_rooms.collaboration_grants",
    "CustomMLMemberAbility": "clean_rooms.member",
    "DataEncryptionMetadata": "clean_rooms.collaboration",
    "ICollaboration": "clean_rooms.collaboration",
    "IIdMappingTable": "clean_rooms.id_mapping_table",
    "IIdMappingWorkflow": "entity_resolution",
    "IIdNamespace": "entity_resolution",
    "IIdNamespaceAssociation": "clean_rooms.id_namespace_association",
    "ILookedUpCollaboration": "clean_rooms.collaboration",
    "ILookedUpIdMappingTable": "clean_rooms.id_mapping_table",
    "ILookedUpIdMappingWorkflow": "entity_resolution",
    "ILookedUpIdNamespace": "entity_resolution",
    "ILookedUpIdNamespaceAssociation": "clean_rooms.id_namespace_association",
    "ILookedUpMatchingWorkflow": "entity_resolution",
    "ILookedUpMembership": "clean_rooms.membership",
    "ILookedUpSchemaMapping": "entity_resolution",
    "IMatchingWorkflow": "entity_resolution",
    "IMembership": "clean_rooms.membership",
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
    "MatchingWorkflow": "entity_resolution",
    "MatchingWorkflowGrants": "entity_resolution",
    "MatchingWorkflowOutput": "entity_resolution",
    "Member": "clean_rooms.member",
    "MemberAbility": "clean_rooms.member",
    "Membership": "clean_rooms.membership",
    "MembershipGrants": "clean_rooms.membership_grants",
    "PaymentResponsibility": "clean_rooms.member",
    "Problem": "_core.validation",
    "RecordMatchingModel": "entity_resolution",
    "ResultFormat": "clean_rooms.results",
    "Results": "clean_rooms.results",
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
