"""AWS CDK constructs for AWS Clean Rooms and its ID mapping, in pure Python."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._core.validation import Problem, ValidationError
    from .id_mapping_table import IdMappingTable, IIdMappingTable, ILookedUpIdMappingTable
    from .id_mapping_table_grants import IdMappingTableGrants
    from .id_namespace_association import (
        IdNamespaceAssociation,
        IIdNamespaceAssociation,
        ILookedUpIdNamespaceAssociation,
    )
    from .id_namespace_association_grants import IdNamespaceAssociationGrants

# A module is loaded when one of its names is first used, so that an app pays for no other.
_MODULES = {
    "IIdMappingTable": "id_mapping_table",
    "IIdNamespaceAssociation": "id_namespace_association",
    "ILookedUpIdMappingTable": "id_mapping_table",
    "ILookedUpIdNamespaceAssociation": "id_namespace_association",
    "IdMappingTable": "id_mapping_table",
    "IdMappingTableGrants": "id_mapping_table_grants",
    "IdNamespaceAssociation": "id_namespace_association",
    "IdNamespaceAssociationGrants": "id_namespace_association_grants",
    "Problem": "_core.validation",
    "ValidationError": "_core.validation",
}

__all__ = [
    "IIdMappingTable",
    "IIdNamespaceAssociation",
    "ILookedUpIdMappingTable",
    "ILookedUpIdNamespaceAssociation",
    "IdMappingTable",
    "IdMappingTableGrants",
    "IdNamespaceAssociation",
    "IdNamespaceAssociationGrants",
    "Problem",
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
