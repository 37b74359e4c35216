"""The budgets of a privacy budget template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from aws_cdk.aws_cleanrooms import CfnPrivacyBudgetTemplate
from aws_cdk.interfaces.aws_cleanrooms import IConfiguredTableAssociationRef
from constructs import Construct

from .._core import checks
from .._core.construct_checks import elsewhere
from .._core.references import Reference
from .._core.validation import Problem, Rule
from . import values

ASSOCIATION_ARN = Reference(
    "configured_table_association_ref", "configured_table_association_arn", "attr_arn"
)
_ARN_LIMIT = 200
_ID = checks.IDENTIFIER.pattern
_EPSILON = values.integer(1, 20)
_NOISE = values.integer(10, 100)
_BUDGET = values.integer(1, 1_000_000)


class BudgetPeriod(StrEnum):
    """The period after which an access budget starts again.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_BudgetParameter.html
    """

    DAY = "DAY"
    """A calendar day."""
    WEEK = "WEEK"
    """A calendar week, which AWS ends on Sunday."""
    MONTH = "MONTH"
    """A calendar month."""


@dataclass(frozen=True, kw_only=True)
class DifferentialPrivacyBudget:
    """How much queries can reveal about people. The privacy budget template checks the values.

    Attributes:
        epsilon: The privacy budget, 1 to 20. A smaller number protects people better. AWS cannot
            decrease it after the first query.
        users_noise_per_query: The number of people whose contribution the noise in each result
            hides, 10 to 100.
        refresh_monthly: Whether the budget is full again at the beginning of each month. False by
            default.
    """

    epsilon: int
    users_noise_per_query: int
    refresh_monthly: bool = False


@dataclass(frozen=True)
class PeriodBudget:
    """How often a table can be used in a period. The privacy budget template checks the values.

    Attributes:
        budget: The number of uses, 1 to 1,000,000.
        period: The period: a day, a week or a month.
        refresh: Whether the budget is full again at the beginning of each period. False by default.
    """

    budget: int
    period: BudgetPeriod | str
    refresh: bool = False


@dataclass(frozen=True, kw_only=True)
class AccessBudget:
    """How often a table can be used. The privacy budget template checks the values.

    Each use of the table in a query, in a job or for machine learning costs 1.

    Attributes:
        association: The association of the table, as a construct such as
            `ConfiguredTableAssociation`, or its ARN.
        per_period: How often the table can be used in a period. None by default. One of the two
            budgets is required.
        lifetime: How often the table can be used in total, 1 to 1,000,000. None by default.
    """

    association: IConfiguredTableAssociationRef | str
    per_period: PeriodBudget | None = None
    lifetime: int | None = None


_association_arn = checks.arn(
    "a configured table association",
    "cleanrooms",
    re.compile(f"membership/{_ID}/(configuredtableassociation|intermediatetable)/{_ID}"),
    "membership/<membership ID>/configuredtableassociation/<ID>",
    alternative=", or the association as a construct",
    limit=_ARN_LIMIT,
)


def _association_problems(scope: Construct, property: str, value: object) -> Iterator[Problem]:
    rule = checks.can_be_split(_association_arn)
    problems = [*rule(property, ASSOCIATION_ARN.read(value))]
    yield from problems
    if not problems:
        reason = "a member can only limit the use of associations"
        yield from elsewhere(property, value, scope, reason)


_period = checks.choice(*(each.value for each in BudgetPeriod))


def _period_problems(property: str, value: object) -> Iterator[Problem]:
    assert isinstance(value, PeriodBudget)
    yield from values.parts(
        property,
        "its ",
        ("budget", value.budget, _BUDGET),
        ("period", value.period, _period),
        ("refresh", value.refresh, checks.flag),
    )


_per_period = checks.optional(
    values.instance(PeriodBudget, "PeriodBudget(100, 'WEEK')", _period_problems)
)


def budget_rule(scope: Construct) -> Rule:
    """Return a rule for the budget of a privacy budget template.

    Args:
        scope: The scope of the privacy budget template.
    """
    return partial(_budget_problems, scope)


def _budget_problems(scope: Construct, property: str, value: object) -> Iterator[Problem]:
    if isinstance(value, DifferentialPrivacyBudget):
        yield from values.parts(
            property,
            "its ",
            ("epsilon", value.epsilon, _EPSILON),
            ("users_noise_per_query", value.users_noise_per_query, _NOISE),
            ("refresh_monthly", value.refresh_monthly, checks.flag),
        )
    elif isinstance(value, AccessBudget):
        yield from values.parts(
            property,
            "its ",
            ("association", value.association, partial(_association_problems, scope)),
            ("per_period", value.per_period, _per_period),
            ("lifetime", value.lifetime, checks.optional(_BUDGET)),
        )
        if value.per_period is None and value.lifetime is None:
            message = (
                "it has neither per_period nor lifetime; use per_period=PeriodBudget(100, 'WEEK'),"
                " lifetime=5000 or both"
            )
            yield Problem(property, value, message, "BudgetMissing")
    else:
        expected = (
            "DifferentialPrivacyBudget(epsilon=…, users_noise_per_query=…) or"
            " AccessBudget(association=…, lifetime=…)"
        )
        yield checks.wrong_type(property, value, expected)


def cfn_parameters(
    budget: DifferentialPrivacyBudget | AccessBudget,
) -> CfnPrivacyBudgetTemplate.ParametersProperty:
    """Return a budget without problems for an L1."""
    l1 = CfnPrivacyBudgetTemplate
    if isinstance(budget, DifferentialPrivacyBudget):
        return l1.ParametersProperty(
            epsilon=budget.epsilon, users_noise_per_query=budget.users_noise_per_query
        )
    budgets = []
    if budget.per_period is not None:
        budgets.append(
            l1.BudgetParameterProperty(
                type=f"CALENDAR_{budget.per_period.period}",
                budget=budget.per_period.budget,
                auto_refresh="ENABLED" if budget.per_period.refresh else "DISABLED",
            )
        )
    if budget.lifetime is not None:
        budgets.append(l1.BudgetParameterProperty(type="LIFETIME", budget=budget.lifetime))
    return l1.ParametersProperty(
        resource_arn=ASSOCIATION_ARN.read(budget.association), budget_parameters=budgets
    )
