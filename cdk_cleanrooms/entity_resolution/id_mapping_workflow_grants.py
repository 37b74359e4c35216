"""Permissions on an ID mapping workflow."""

from __future__ import annotations

import aws_cdk
from aws_cdk.interfaces.aws_entityresolution import IIdMappingWorkflowRef

from .._core.types import ID_MAPPING_WORKFLOW
from ._grants import EntityResolutionGrants


class IdMappingWorkflowGrants(EntityResolutionGrants):
    """Grants of permissions on one ID mapping workflow.

    Every grant names the exact ARN of the ID mapping workflow.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsentityresolution.html
    """

    _type = ID_MAPPING_WORKFLOW
    _read_actions = ("entityresolution:GetIdMappingWorkflow",)
    _manage_actions = (
        "entityresolution:DeleteIdMappingWorkflow",
        "entityresolution:TagResource",
        "entityresolution:UntagResource",
        "entityresolution:UpdateIdMappingWorkflow",
    )

    @staticmethod
    def from_id_mapping_workflow(resource: IIdMappingWorkflowRef) -> IdMappingWorkflowGrants:
        """Return the grants of an ID mapping workflow.

        Args:
            resource: The ID mapping workflow: the construct of this library, an import of one, the
                CDK's `CfnIdMappingWorkflow`, or any other object that the CDK accepts as one.

        Returns:
            The grants.
        """
        return IdMappingWorkflowGrants(resource)

    def run(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to start jobs of the ID mapping workflow, and to read and list them.

        Args:
            grantee: The principal, such as a role.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal, or is a service with conditions.
        """
        return self.actions(
            grantee,
            "entityresolution:GetIdMappingJob",
            "entityresolution:ListIdMappingJobs",
            "entityresolution:StartIdMappingJob",
        )
