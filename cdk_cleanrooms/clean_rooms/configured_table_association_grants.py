"""Permissions on a configured table association."""

from __future__ import annotations

from functools import cached_property

import aws_cdk
from aws_cdk.interfaces.aws_cleanrooms import IConfiguredTableAssociationRef

from .._core.facts import facts_about
from .._core.grants import ResourceGrants, Target
from .._core.references import Reference
from .._core.types import CONFIGURED_TABLE_ASSOCIATION
from .memberships import arn_in_policies
from .table_facts import AssociationFacts

_IDENTIFIER = Reference(
    "configured_table_association_ref",
    "configured_table_association_identifier",
    "attr_configured_table_association_identifier",
)
_SCHEMA_ACTIONS = ("cleanrooms:GetSchema", "cleanrooms:GetSchemaAnalysisRule")


class ConfiguredTableAssociationGrants(ResourceGrants):
    """Grants of permissions on one configured table association.

    The actions and their resources are those of the service authorization reference. Every grant
    names the association's exact ARN. For actions that AWS also checks on the collaboration, a
    second statement names the exact ARN of the collaboration.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
    """

    _type = CONFIGURED_TABLE_ASSOCIATION
    _read_actions = (
        "cleanrooms:GetConfiguredTableAssociation",
        "cleanrooms:GetConfiguredTableAssociationAnalysisRule",
    )
    _manage_actions = (
        "cleanrooms:CreateConfiguredTableAssociationAnalysisRule",
        "cleanrooms:DeleteConfiguredTableAssociation",
        "cleanrooms:DeleteConfiguredTableAssociationAnalysisRule",
        "cleanrooms:TagResource",
        "cleanrooms:UntagResource",
        "cleanrooms:UpdateConfiguredTableAssociation",
        "cleanrooms:UpdateConfiguredTableAssociationAnalysisRule",
    )

    @staticmethod
    def from_configured_table_association(
        resource: IConfiguredTableAssociationRef,
    ) -> ConfiguredTableAssociationGrants:
        """Return the grants of a configured table association.

        Args:
            resource: The association: the construct of this library, an import of one, the CDK's
                `CfnConfiguredTableAssociation`, or any other object that the CDK accepts as one.

        Returns:
            The grants.
        """
        return ConfiguredTableAssociationGrants(resource)

    def read(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to read the association and its collaboration rule.

        If the membership is a `Membership` of this app, the principal can also read the table's
        schema in the collaboration.

        Args:
            grantee: The principal, such as a role.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal.
        """
        more = _SCHEMA_ACTIONS if self._collaboration_arn else ()
        return self.actions(grantee, *self._read_actions, *more)

    @cached_property
    def _collaboration_arn(self) -> str | None:
        facts = facts_about(self._resource, AssociationFacts)
        membership = facts.membership if facts else None
        for name in ("collaboration_arn", "attr_collaboration_arn"):
            if hasattr(membership, name):
                return str(getattr(membership, name))
        return None

    def _targets(self) -> tuple[Target, ...]:
        own: Target = (lambda _: True, lambda: arn_in_policies(self._resource, _IDENTIFIER))
        collaboration_arn = self._collaboration_arn
        if collaboration_arn is None:
            return (own,)
        return (own, (_SCHEMA_ACTIONS.__contains__, lambda: collaboration_arn))
