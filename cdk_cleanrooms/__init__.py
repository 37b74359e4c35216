"""AWS CDK constructs for AWS Clean Rooms, in pure Python."""

from .id_namespace_association import IdNamespaceAssociation, IIdNamespaceAssociation
from .validation import Problem, ValidationError

__all__ = [
    "IIdNamespaceAssociation",
    "IdNamespaceAssociation",
    "Problem",
    "ValidationError",
]
