"""Permissions on a schema mapping."""

from __future__ import annotations

import aws_cdk
from aws_cdk.interfaces.aws_entityresolution import ISchemaMappingRef

from ._grants import EntityResolutionGrants
from ._schema_mapping_type import SCHEMA_MAPPING


class SchemaMappingGrants(EntityResolutionGrants):
    """Grants of permissions on one schema mapping.

    Every grant names the exact ARN of the schema mapping.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsentityresolution.html
    """

    _type = SCHEMA_MAPPING

    @staticmethod
    def from_schema_mapping(resource: ISchemaMappingRef) -> SchemaMappingGrants:
        """Return the grants of a schema mapping.

        Args:
            resource: The schema mapping: the construct of this library, an import of one, the
                CDK's `CfnSchemaMapping`, or any other object that the CDK accepts as one.

        Returns:
            The grants.
        """
        return SchemaMappingGrants(resource)

    def read(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to read the schema mapping.

        Args:
            grantee: The principal, such as a role or an account.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal, or is a service with conditions.
        """
        return self.actions(grantee, "entityresolution:GetSchemaMapping")

    def manage(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to update, delete, tag and untag the schema mapping.

        Args:
            grantee: The principal, such as a role.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal, or is a service with conditions.
        """
        return self.actions(
            grantee,
            "entityresolution:DeleteSchemaMapping",
            "entityresolution:TagResource",
            "entityresolution:UntagResource",
            "entityresolution:UpdateSchemaMapping",
        )
