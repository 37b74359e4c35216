"""The constants of the types that one resource of Entity Resolution knows of another."""

from __future__ import annotations

from ._resource_type import EntityResolutionResourceType

ID_MAPPING_WORKFLOW = EntityResolutionResourceType(
    name="AWS::EntityResolution::IdMappingWorkflow",
    noun="an ID mapping workflow",
    name_property="WorkflowName",
    arn_attribute="attr_workflow_arn",
)
ID_NAMESPACE = EntityResolutionResourceType(
    name="AWS::EntityResolution::IdNamespace",
    noun="an ID namespace",
    name_property="IdNamespaceName",
    arn_attribute="attr_id_namespace_arn",
)
MATCHING_WORKFLOW = EntityResolutionResourceType(
    name="AWS::EntityResolution::MatchingWorkflow",
    noun="a matching workflow",
    name_property="WorkflowName",
    arn_attribute="attr_workflow_arn",
)
