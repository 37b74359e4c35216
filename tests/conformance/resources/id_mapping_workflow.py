"""An ID mapping workflow."""

from __future__ import annotations

from cdk_cleanrooms._core.types import ID_MAPPING_WORKFLOW
from tests.resources.samples.id_mapping_workflow import SAMPLE

from .. import entity_resolution
from ..properties import Resource

RESOURCE = Resource(
    SAMPLE,
    entity_resolution.name_of(ID_MAPPING_WORKFLOW),
    *entity_resolution.COMMON,
    *entity_resolution.rules_at("IdMappingTechniques.RuleBasedProperties.Rules[]"),
)
