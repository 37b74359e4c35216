"""Permissions on an ID mapping table."""

from __future__ import annotations

import aws_cdk
from aws_cdk.interfaces.aws_cleanrooms import IIdMappingTableRef

from .._core.grants import InMembershipGrants
from .._core.types import ID_MAPPING_TABLE


class IdMappingTableGrants(InMembershipGrants):
    """Grants of permissions on one ID mapping table.

    The actions and their resources are those of the service authorization reference. Every grant
    names the table's exact ARN. For actions that AWS also checks on the membership, a second
    statement names the exact ARN of the membership.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
    """

    _type = ID_MAPPING_TABLE
    _read_actions = ("cleanrooms:GetIdMappingTable",)
    _manage_actions = (
        "cleanrooms:DeleteIdMappingTable",
        "cleanrooms:TagResource",
        "cleanrooms:UntagResource",
        "cleanrooms:UpdateIdMappingTable",
    )
    _actions_on_the_membership_too = frozenset(
        {
            "cleanrooms:CreateIdMappingTable",
            "cleanrooms:DeleteIdMappingTable",
            "cleanrooms:GetIdMappingTable",
            "cleanrooms:ListIdMappingTables",
            "cleanrooms:PopulateIdMappingTable",
            "cleanrooms:UpdateIdMappingTable",
        }
    )

    @staticmethod
    def from_id_mapping_table(resource: IIdMappingTableRef) -> IdMappingTableGrants:
        """Return the grants of a table.

        Args:
            resource: The table: the construct of this library, an import of one, the CDK's
                `CfnIdMappingTable`, or any other object that the CDK accepts as one.

        Returns:
            The grants.
        """
        return IdMappingTableGrants(resource)

    def populate(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to start a job that fills the table.

        Args:
            grantee: The principal, such as a role.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_PopulateIdMappingTable.html
        """
        return self.actions(grantee, "cleanrooms:PopulateIdMappingTable")
