"""Permissions on a configured table."""

from __future__ import annotations

import aws_cdk
from aws_cdk.interfaces.aws_cleanrooms import IConfiguredTableRef, IMembershipRef

from .._core import checks
from .._core.construct_checks import grantee as grantee_rule
from .._core.environment import facts_of_scope
from .._core.grants import ResourceGrants, grant
from .._core.in_membership import MEMBERSHIP_ARN
from .._core.types import CONFIGURED_TABLE
from .._core.validation import Arguments
from .memberships import membership_arn


class ConfiguredTableGrants(ResourceGrants):
    """Grants of permissions on one configured table.

    The actions and their resources are those of the service authorization reference. Every grant
    names the table's exact ARN.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
    """

    _type = CONFIGURED_TABLE
    _read_actions = (
        "cleanrooms:GetConfiguredTable",
        "cleanrooms:GetConfiguredTableAnalysisRule",
    )
    _manage_actions = (
        "cleanrooms:CreateConfiguredTableAnalysisRule",
        "cleanrooms:DeleteConfiguredTable",
        "cleanrooms:DeleteConfiguredTableAnalysisRule",
        "cleanrooms:TagResource",
        "cleanrooms:UntagResource",
        "cleanrooms:UpdateConfiguredTable",
        "cleanrooms:UpdateConfiguredTableAllowedColumns",
        "cleanrooms:UpdateConfiguredTableAnalysisRule",
        "cleanrooms:UpdateConfiguredTableReference",
    )

    @staticmethod
    def from_configured_table(resource: IConfiguredTableRef) -> ConfiguredTableGrants:
        """Return the grants of a configured table.

        Args:
            resource: The configured table: the construct of this library, an import of one, the
                CDK's `CfnConfiguredTable`, or any other object that the CDK accepts as one.

        Returns:
            The grants.
        """
        return ConfiguredTableGrants(resource)

    def associate(
        self, grantee: aws_cdk.aws_iam.IGrantable, membership: IMembershipRef | str
    ) -> aws_cdk.aws_iam.Grant:
        """Grant permission to associate the table with the collaboration of a membership.

        The principal also needs permission to pass the role of the association, which
        `grant_pass_role` of the role grants.

        Args:
            grantee: The principal, such as a role.
            membership: The membership, as a construct or its ARN, or its ID if it is in the
                account and Region of the table.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal, or the membership is neither a
                membership nor its ARN or ID.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_CreateConfiguredTableAssociation.html
        """
        arguments = Arguments(self._resource)
        arguments.report(grantee_rule("grantee", grantee))
        is_identifier = isinstance(membership, str) and checks.IDENTIFIER.fullmatch(membership)
        rule = checks.membership if is_identifier else membership_arn
        membership = arguments.check("membership", membership, rule)
        arguments.refuse()
        arn = (
            facts_of_scope(self._resource).arn("cleanrooms", "membership", str(membership))
            if is_identifier
            else MEMBERSHIP_ARN.read(membership)
        )
        return grant(
            self._resource,
            grantee,
            ["cleanrooms:CreateConfiguredTableAssociation"],
            *self._targets(),
            (lambda _: True, lambda: arn),
            (lambda _: True, lambda: f"{arn}/configuredtableassociation/*"),
        )
