"""AWS CDK constructs for AWS Clean Rooms, in pure Python."""

from typing import TYPE_CHECKING

from ._core.validation import Problem, ValidationError
from .id_namespace_association import (
    IdNamespaceAssociation,
    IIdNamespaceAssociation,
    ILookedUpIdNamespaceAssociation,
)

__all__ = [
    "IIdNamespaceAssociation",
    "ILookedUpIdNamespaceAssociation",
    "IdNamespaceAssociation",
    "IdNamespaceAssociationGrants",
    "Problem",
    "ValidationError",
]

if TYPE_CHECKING:
    from .id_namespace_association_grants import IdNamespaceAssociationGrants
else:
    # Not for type checkers, who would take every name for one that it finds.
    def __getattr__(name: str) -> object:
        # Grants bring IAM with them, which takes time to load: only for those who ask.
        if name == "IdNamespaceAssociationGrants":
            from .id_namespace_association_grants import IdNamespaceAssociationGrants

            return IdNamespaceAssociationGrants
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
