"""Permissions on an analysis template."""

from __future__ import annotations

import aws_cdk
from aws_cdk.interfaces.aws_cleanrooms import IAnalysisTemplateRef

from .._core.grants import ResourceGrants, Target
from .._core.types import ANALYSIS_TEMPLATE

_IN_THE_COLLABORATION = "cleanrooms:GetCollaborationAnalysisTemplate"


class AnalysisTemplateGrants(ResourceGrants):
    """Grants of permissions on one analysis template.

    The actions and their resources are those of the service authorization reference. Every grant
    names the template's exact ARN. For actions that AWS also checks on the collaboration, a second
    statement names the exact ARN of the collaboration.

    See Also:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
    """

    _type = ANALYSIS_TEMPLATE
    _read_actions = ("cleanrooms:GetAnalysisTemplate",)
    _manage_actions = (
        "cleanrooms:DeleteAnalysisTemplate",
        "cleanrooms:TagResource",
        "cleanrooms:UntagResource",
        "cleanrooms:UpdateAnalysisTemplate",
    )

    @staticmethod
    def from_analysis_template(resource: IAnalysisTemplateRef) -> AnalysisTemplateGrants:
        """Return the grants of an analysis template.

        Args:
            resource: The template: the construct of this library, an import of one, the CDK's
                `CfnAnalysisTemplate`, or any other object that the CDK accepts as one.

        Returns:
            The grants.
        """
        return AnalysisTemplateGrants(resource)

    def read(self, grantee: aws_cdk.aws_iam.IGrantable) -> aws_cdk.aws_iam.Grant:
        """Grant permission to read the template.

        If the collaboration is known, which it is unless the template is imported, the principal
        can also read the template there.

        Args:
            grantee: The principal, such as a role.

        Returns:
            The grant.

        Raises:
            ValidationError: If the grantee is not a principal.
        """
        is_known = _collaboration_attribute(self._resource) is not None
        more = [_IN_THE_COLLABORATION] if is_known else []
        return self.actions(grantee, *self._read_actions, *more)

    def _targets(self) -> tuple[Target, ...]:
        name = _collaboration_attribute(self._resource)
        if name is None:
            return super()._targets()
        return (
            *super()._targets(),
            (
                lambda action: action == _IN_THE_COLLABORATION,
                lambda: str(getattr(self._resource, name)),
            ),
        )


def _collaboration_attribute(resource: object) -> str | None:
    """Return the name of the attribute with the ARN of the collaboration, if there is one."""
    names = ("collaboration_arn", "attr_collaboration_arn")
    return next((name for name in names if hasattr(type(resource), name)), None)
