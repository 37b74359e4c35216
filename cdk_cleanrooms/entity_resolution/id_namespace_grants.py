"""Permissions on an ID namespace."""

from __future__ import annotations

import aws_cdk
from aws_cdk.interfaces.aws_entityresolution import IIdNamespaceRef

from .._core.types import ID_NAMESPACE
from ._grants import EntityResolutionGrants


class IdNamespaceGrants(EntityResolutionGrants):
    """Grants of permissions on one ID namespace.

    Every grant names the exact ARN of the ID namespace.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsentityresolution.html
    """

    _type = ID_NAMESPACE
    _read_actions = ("entityresolution:GetIdNamespace",)
    _manage_actions = (
        "entityresolution:DeleteIdNamespace",
        "entityresolution:TagResource",
        "entityresolution:UntagResource",
        "entityresolution:UpdateIdNamespace",
    )

    @staticmethod
    def from_id_namespace(resource: IIdNamespaceRef) -> IdNamespaceGrants:
        """Return the grants of an ID namespace.

        Args:
            resource: The ID namespace: the construct of this library, an import of one, the
                CDK's `CfnIdNamespace`, or any other object that the CDK accepts as one.

        Returns:
            The grants.
        """
        return IdNamespaceGrants(resource)

    def use(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to map IDs with the ID namespace, in an ID mapping workflow.

        Args:
            grantee: The principal. For a partner, use an `AccountPrincipal`: the grant then adds a
                statement to the resource policy, and the partner allows its own principals the
                same actions.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal, or is a service with conditions.

        See Also:
            https://docs.aws.amazon.com/entityresolution/latest/userguide/add-update-resource-policy-id-namespace.html
        """
        return self.actions(
            grantee, "entityresolution:GetIdNamespace", "entityresolution:StartIdMappingJob"
        )
