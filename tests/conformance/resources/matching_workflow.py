"""A matching workflow."""

from __future__ import annotations

from cdk_cleanrooms._core.types import MATCHING_WORKFLOW
from tests.resources.samples.matching_workflow import SAMPLE

from .. import entity_resolution
from ..properties import Resource

RESOURCE = Resource(
    SAMPLE,
    entity_resolution.name_of(MATCHING_WORKFLOW),
    *entity_resolution.COMMON,
    *entity_resolution.rules_at("ResolutionTechniques.RuleBasedProperties.Rules[]"),
)
