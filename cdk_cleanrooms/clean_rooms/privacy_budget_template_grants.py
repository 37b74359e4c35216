"""Permissions on a privacy budget template."""

from __future__ import annotations

from aws_cdk.interfaces.aws_cleanrooms import IPrivacyBudgetTemplateRef

from .._core.grants import ResourceGrants, Target
from .._core.references import Reference
from .._core.types import PRIVACY_BUDGET_TEMPLATE
from .memberships import arn_in_policies

_IDENTIFIER = Reference(
    "privacy_budget_template_ref",
    "privacy_budget_template_identifier",
    "attr_privacy_budget_template_identifier",
)


class PrivacyBudgetTemplateGrants(ResourceGrants):
    """Grants of permissions on one privacy budget template.

    The actions and their resources are those of the service authorization reference. Every grant
    names the template's exact ARN.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
    """

    _type = PRIVACY_BUDGET_TEMPLATE
    _read_actions = ("cleanrooms:GetPrivacyBudgetTemplate",)
    _manage_actions = (
        "cleanrooms:DeletePrivacyBudgetTemplate",
        "cleanrooms:TagResource",
        "cleanrooms:UntagResource",
        "cleanrooms:UpdatePrivacyBudgetTemplate",
    )

    @staticmethod
    def from_privacy_budget_template(
        resource: IPrivacyBudgetTemplateRef,
    ) -> PrivacyBudgetTemplateGrants:
        """Return the grants of a privacy budget template.

        Args:
            resource: The template: the construct of this library, an import of one, the CDK's
                `CfnPrivacyBudgetTemplate`, or any other object that the CDK accepts as one.

        Returns:
            The grants.
        """
        return PrivacyBudgetTemplateGrants(resource)

    def _targets(self) -> tuple[Target, ...]:
        return ((lambda _: True, lambda: arn_in_policies(self._resource, _IDENTIFIER)),)
