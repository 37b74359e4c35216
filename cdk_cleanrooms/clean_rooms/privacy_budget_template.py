"""`AWS::CleanRooms::PrivacyBudgetTemplate`, created or imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

import jsii
from aws_cdk import IResource, RemovalPolicy
from aws_cdk.aws_cleanrooms import CfnPrivacyBudgetTemplate
from aws_cdk.interfaces.aws_cleanrooms import (
    IMembershipRef,
    IPrivacyBudgetTemplateRef,
    PrivacyBudgetTemplateReference,
)
from constructs import Construct

from .._core import checks, types
from .._core.declaration import Declaration
from .._core.imports import existing, existing_arn
from .._core.in_membership import MEMBERSHIP, InCollaboration, InMembership
from .._core.references import Reference
from .._core.resource import ArnParts
from .._core.tags import TagMethods
from .._core.unique import Quota, claim_once
from .._core.validation import Problem
from .budgets import (
    ASSOCIATION_ARN,
    AccessBudget,
    DifferentialPrivacyBudget,
    budget_rule,
    cfn_parameters,
)
from .memberships import names_of_memberships
from .privacy_budget_template_grants import PrivacyBudgetTemplateGrants
from .table_facts import note_private_budget

_QUOTA = Quota(
    25,
    "cdk-cleanrooms:tooManyAccessBudgets",
    "This app declares more than 25 access budgets in one membership, and AWS's default quota is 25"
    " in a collaboration. Request an increase, or acknowledge this warning if you have one.",
)
_MEMBERSHIP_OF_ASSOCIATION = Reference(
    "configured_table_association_ref", "membership_identifier", "membership_identifier"
)


class IPrivacyBudgetTemplate(IResource, IPrivacyBudgetTemplateRef, Protocol):
    """A privacy budget template, created by this app or imported into it."""

    @property
    def privacy_budget_template_arn(self) -> str:
        """The ARN of the privacy budget template."""

    @property
    def privacy_budget_template_identifier(self) -> str:
        """The ID of the privacy budget template, a UUID."""

    @property
    def membership_arn(self) -> str:
        """The ARN of the membership that the template belongs to."""

    @property
    def membership_identifier(self) -> str:
        """The ID of the membership that the template belongs to, a UUID."""

    @property
    def grants(self) -> PrivacyBudgetTemplateGrants:
        """Grants of permissions on the privacy budget template."""


@jsii.implements(IPrivacyBudgetTemplateRef)
class _PrivacyBudgetTemplate(InMembership):
    """A privacy budget template, created or imported."""

    _type = types.PRIVACY_BUDGET_TEMPLATE

    @property
    def privacy_budget_template_arn(self) -> str:
        """The ARN of the privacy budget template."""
        return self._identity.arn()

    @property
    def privacy_budget_template_identifier(self) -> str:
        """The ID of the privacy budget template, a UUID."""
        return self._identity.identifier()

    @property
    def privacy_budget_template_ref(self) -> PrivacyBudgetTemplateReference:
        """The reference that the CDK accepts for a privacy budget template."""
        return PrivacyBudgetTemplateReference(
            privacy_budget_template_arn=self.privacy_budget_template_arn,
            privacy_budget_template_identifier=self.privacy_budget_template_identifier,
            membership_identifier=self.membership_identifier,
        )

    @property
    def grants(self) -> PrivacyBudgetTemplateGrants:
        """Grants of permissions on the privacy budget template."""
        return PrivacyBudgetTemplateGrants.from_privacy_budget_template(self)


class PrivacyBudgetTemplate(TagMethods, InCollaboration, _PrivacyBudgetTemplate):
    """The budget that limits what queries reveal about a member's tables, or how often they run.

    A `DifferentialPrivacyBudget` is for all tables of the member with differential privacy in the
    collaboration, which nobody can query without it. An `AccessBudget` is for one table.

    A change of the numbers and of tags updates the template in place. Any change of an access
    budget fills it again. A change of any other property replaces the template: CloudFormation
    deletes the old one first. Deleting a differential privacy budget makes the tables impossible to
    query, and deleting an access budget makes their use unlimited.

    Args:
        scope: The construct that the privacy budget template belongs to.
        id: The construct's ID in its scope.
        membership: The membership, as a construct such as `Membership` or `CfnMembership`, or its
            ID, a lowercase UUID. By default that of the association in an `AccessBudget`.
        budget: The budget: a `DifferentialPrivacyBudget` or an `AccessBudget`.
        tags: The tags, as a mapping of keys to values, at most 50. A key has 1 to 128 characters
            and does not begin with `aws:`. A value has 1 to 256 characters. None by default.
        removal_policy: What happens to the template when it leaves the stack. By default it is
            deleted, or retained if it is adopted. `SNAPSHOT` is not supported.
        adopt: The ID of an existing template to adopt, as a literal UUID. If True, the command
            `cdk-cleanrooms adopt` adopts the template of the same kind, and for the same
            association if it is an access budget, if it exists. None by default.

    Raises:
        ValidationError: If AWS would refuse an argument; it reports all problems at once.

    See Also:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cleanrooms-privacybudgettemplate.html
    """

    @staticmethod
    def from_existing(
        scope: Construct,
        id: str,
        *,
        membership: IMembershipRef | str,
        privacy_budget_template_identifier: str,
    ) -> IPrivacyBudgetTemplate:
        """Import an existing privacy budget template by its ID.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            membership: The membership, as a construct or its ID, a lowercase UUID.
            privacy_budget_template_identifier: The template's ID, a lowercase UUID.

        Returns:
            The template, without a resource in the template of the stack. If you pass the ID of a
            membership, the membership is assumed to be in the stack's account and Region.

        Raises:
            ValidationError: If an argument is not well-formed.

        See Also:
            https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_GetPrivacyBudgetTemplate.html
        """
        return existing(
            _PrivacyBudgetTemplate,
            scope,
            id,
            privacy_budget_template_identifier,
            membership=membership,
        )

    @staticmethod
    def from_privacy_budget_template_arn(
        scope: Construct, id: str, privacy_budget_template_arn: str
    ) -> IPrivacyBudgetTemplate:
        """Import an existing privacy budget template by its ARN.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            privacy_budget_template_arn: Its ARN, at most 256 characters:
                `arn:aws:cleanrooms:<region>:<account>:membership/<ID>/privacybudgettemplate/<ID>`.

        Returns:
            The template, without a resource in the template of the stack; its `env` is the ARN's
            account and Region.

        Raises:
            ValidationError: If the ARN is not well-formed.

        See Also:
            https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscleanrooms.html
        """
        return existing_arn(_PrivacyBudgetTemplate, scope, id, privacy_budget_template_arn)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        membership: IMembershipRef | str | None = None,
        budget: DifferentialPrivacyBudget | AccessBudget,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> None:
        of_association = _membership_of_association(budget)
        declaration = Declaration(
            PrivacyBudgetTemplate,
            scope,
            id,
            membership=membership,
            membership_identifier=of_association,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )
        budget = declaration.check("budget", budget, budget_rule(scope))
        declaration.report(_membership_problems(membership, of_association))
        declaration.refuse()
        super().__init__(scope, declaration.construct_id)
        refreshes = isinstance(budget, DifferentialPrivacyBudget) and budget.refresh_monthly
        resource = CfnPrivacyBudgetTemplate(
            self,
            "Resource",
            membership_identifier=declaration.membership_identifier,
            privacy_budget_type=_type_of(budget),
            auto_refresh="CALENDAR_MONTH" if refreshes else "NONE",
            parameters=cfn_parameters(budget),
            tags=declaration.tags,
        )
        is_of_table = isinstance(budget, AccessBudget)
        declaration.complete(self, resource, quota=_QUOTA if is_of_table else None)
        if isinstance(budget, DifferentialPrivacyBudget):
            note_private_budget(self, declaration.membership_identifier)
        self._claim(scope, budget, declaration.membership_identifier)

    def _claim(
        self,
        scope: Construct,
        budget: DifferentialPrivacyBudget | AccessBudget,
        membership_identifier: str,
    ) -> None:
        """Make synthesis fail if there is another budget for the same purpose."""
        if isinstance(budget, DifferentialPrivacyBudget):
            claimed = membership_identifier

            def message(other: str) -> str:
                return (
                    f"budget: {other} is the differential privacy budget of the same membership,"
                    " which can only have one; remove one of the two [BudgetNotUnique]"
                )
        else:
            claimed = ASSOCIATION_ARN.read(budget.association)

            def message(other: str) -> str:
                return (
                    f"budget: {other} is the access budget of the same association, which can only"
                    " have one; declare both limits in one AccessBudget [BudgetNotUnique]"
                )

        claim_once(
            self,
            scope,
            f"{types.PRIVACY_BUDGET_TEMPLATE.name} {_type_of(budget)}",
            claimed,
            message,
        )


def _type_of(budget: DifferentialPrivacyBudget | AccessBudget) -> str:
    is_private = isinstance(budget, DifferentialPrivacyBudget)
    return "DIFFERENTIAL_PRIVACY" if is_private else "ACCESS_BUDGET"


def _membership_of_association(budget: object) -> str | None:
    """Return the ID of the membership of the association that a budget is for."""
    association = budget.association if isinstance(budget, AccessBudget) else None
    if isinstance(association, str):
        return None if checks.is_placeholder(association) else _membership_in_arn(association)
    if not ASSOCIATION_ARN.accepts(association):
        return None
    return _MEMBERSHIP_OF_ASSOCIATION.read(association)


def _membership_in_arn(arn: str) -> str | None:
    if not checks.is_token(arn) and arn.count("/") != _SLASHES_IN_ARN:
        return None
    return ArnParts(arn)[1]


_SLASHES_IN_ARN = 3


def _membership_problems(membership: object, of_association: str | None) -> Iterator[Problem]:
    """Yield a problem if a membership is not that of the association."""
    given = MEMBERSHIP.read(membership)
    if given is None or of_association is None:
        return
    names = names_of_memberships(of_association, given)
    if len({*names}) > 1:
        message = (
            f"the association belongs to the membership {names[0]!r} and the budget to"
            f" {names[1]!r}; leave membership out"
        )
        yield Problem("membership", membership, message, "AssociationOfOtherMembership")
