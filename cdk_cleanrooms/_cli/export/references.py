"""Which argument of which class names a resource of which type."""

from __future__ import annotations

from ..._core import types
from ..._core.types import ResourceType

PRINT_ORDER = (
    types.COLLABORATION,
    types.MEMBERSHIP,
    types.SCHEMA_MAPPING,
    types.MATCHING_WORKFLOW,
    types.ID_NAMESPACE,
    types.ID_MAPPING_WORKFLOW,
    types.ID_NAMESPACE_ASSOCIATION,
    types.ID_MAPPING_TABLE,
    types.ANALYSIS_TEMPLATE,
    types.CONFIGURED_TABLE,
    types.CONFIGURED_TABLE_ASSOCIATION,
    types.PRIVACY_BUDGET_TEMPLATE,
)
"""The types in an order in which each one only names types before it."""

REFERENCES: dict[tuple[str, str], tuple[ResourceType, ...]] = {
    ("AccessBudget", "association"): (
        types.CONFIGURED_TABLE_ASSOCIATION,
        types.ID_MAPPING_TABLE,
    ),
    ("AnalysisTemplate", "membership"): (types.MEMBERSHIP,),
    ("ConfiguredTableAssociation", "configured_table"): (types.CONFIGURED_TABLE,),
    ("ConfiguredTableAssociation", "membership"): (types.MEMBERSHIP,),
    ("CustomAnalysisRule", "allowed_analyses"): (types.ANALYSIS_TEMPLATE,),
    ("IdMappingTable", "id_mapping_workflow"): (types.ID_MAPPING_WORKFLOW,),
    ("IdMappingTable", "membership"): (types.MEMBERSHIP,),
    ("IdMappingTable", "source"): (types.ID_NAMESPACE_ASSOCIATION,),
    ("IdMappingTable", "target"): (types.ID_NAMESPACE_ASSOCIATION,),
    ("IdMappingWorkflow", "source"): (types.ID_NAMESPACE,),
    ("IdMappingWorkflow", "target"): (types.ID_NAMESPACE, types.MATCHING_WORKFLOW),
    ("IdNamespace", "inputs"): (types.MATCHING_WORKFLOW,),
    ("IdNamespaceAssociation", "id_namespace"): (types.ID_NAMESPACE,),
    ("IdNamespaceAssociation", "membership"): (types.MEMBERSHIP,),
    ("Membership", "collaboration"): (types.COLLABORATION,),
    ("PrivacyBudgetTemplate", "membership"): (types.MEMBERSHIP,),
    ("TableInput", "schema_mapping"): (types.SCHEMA_MAPPING,),
}
"""The types of the resources that an argument of a class can name.

The same text in another argument, such as a name that equals a resource's ID, is no reference.
"""

ORDER_ONLY = frozenset({("IdMappingTable", "source"), ("IdMappingTable", "target")})
"""References that only say what must exist before. They accept no identifiers."""
