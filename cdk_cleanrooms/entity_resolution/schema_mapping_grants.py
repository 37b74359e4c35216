"""Permissions on a schema mapping."""

from __future__ import annotations

from aws_cdk.interfaces.aws_entityresolution import ISchemaMappingRef

from .._core.types import SCHEMA_MAPPING
from ._grants import EntityResolutionGrants


class SchemaMappingGrants(EntityResolutionGrants):
    """Grants of permissions on one schema mapping.

    Every grant names the exact ARN of the schema mapping.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsentityresolution.html
    """

    _type = SCHEMA_MAPPING
    _read_actions = ("entityresolution:GetSchemaMapping",)
    _manage_actions = (
        "entityresolution:DeleteSchemaMapping",
        "entityresolution:TagResource",
        "entityresolution:UntagResource",
        "entityresolution:UpdateSchemaMapping",
    )

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
