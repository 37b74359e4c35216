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
    "AutoApprovedChangeType": "collaboration",
    "Collaboration": "collaboration",
    "CollaborationGrants": "collaboration_grants",
    "CustomMLMemberAbility": "member",
    "DataEncryptionMetadata": "collaboration",
    "ICollaboration": "collaboration",
    "IIdMappingTable": "id_mapping_table",
    "IIdNamespaceAssociation": "id_namespace_association",
    "ILookedUpCollaboration": "collaboration",
    "ILookedUpIdMappingTable": "id_mapping_table",
    "ILookedUpIdNamespaceAssociation": "id_namespace_association",
    "ILookedUpMembership": "membership",
    "IMembership": "membership",
    "IdMappingTable": "id_mapping_table",
    "IdMappingTableGrants": "id_mapping_table_grants",
    "IdNamespaceAssociation": "id_namespace_association",
    "IdNamespaceAssociationGrants": "id_namespace_association_grants",
    "JobResults": "results",
    "Member": "member",
    "MemberAbility": "member",
    "Membership": "membership",
    "MembershipGrants": "membership_grants",
    "PaymentResponsibility": "member",
    "Problem": "_core.validation",
    "ResultFormat": "results",
    "Results": "results",
    "ValidationError": "_core.validation",
}

__all__ = [
    "AutoApprovedChangeType",
    "Collaboration",
    "CollaborationGrants",
    "CustomMLMemberAbility",
    "DataEncryptionMetadata",
    "ICollaboration",
    "IIdMappingTable",
    "IIdNamespaceAssociation",
    "ILookedUpCollaboration",
    "ILookedUpIdMappingTable",
    "ILookedUpIdNamespaceAssociation",
    "ILookedUpMembership",
    "IMembership",
    "IdMappingTable",
    "IdMappingTableGrants",
    "IdNamespaceAssociation",
    "IdNamespaceAssociationGrants",
    "JobResults",
    "Member",
    "MemberAbility",
    "Membership",
    "MembershipGrants",
    "PaymentResponsibility",
    "Problem",
    "ResultFormat",
    "Results",
    "ValidationError",
]

if not TYPE_CHECKING:
    # Not for type checkers, who would take every name for one that exists.
    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
