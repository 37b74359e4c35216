"""Tests of privacy budget templates and of their budgets."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, Aws, Stack
from aws_cdk.aws_cleanrooms import CfnConfiguredTableAssociation, CfnMembership

from cdk_cleanrooms import (
    AccessBudget,
    BudgetPeriod,
    ConfiguredTableAssociation,
    DifferentialPrivacyBudget,
    PeriodBudget,
    PrivacyBudgetTemplate,
)
from tests.helpers import problems_of, resource_of, warnings_of
from tests.samples import (
    COLLABORATION_ID,
    CONFIGURED_TABLE_ID,
    MEMBERSHIP_ID,
    ROLE_ARN,
    TABLE_ASSOCIATION_ARN,
)

from .declarations import orders

OTHER_ID = "a1b2c3d4-5678-90ab-cdef-444444444444"


def budget(stack: Stack, id: str = "Budget", **arguments: Any) -> PrivacyBudgetTemplate:
    return PrivacyBudgetTemplate(stack, id, **arguments)


def private(**arguments: Any) -> DifferentialPrivacyBudget:
    return DifferentialPrivacyBudget(**{"epsilon": 3, "users_noise_per_query": 30, **arguments})


def access(**arguments: Any) -> AccessBudget:
    return AccessBudget(**{"association": TABLE_ASSOCIATION_ARN, "lifetime": 5000, **arguments})


def associate(stack: Stack, id: str = "Association", **arguments: Any) -> Any:
    return ConfiguredTableAssociation(
        stack,
        id,
        **{
            "membership": MEMBERSHIP_ID,
            "configured_table": CONFIGURED_TABLE_ID,
            "name": id,
            "role": ROLE_ARN,
            "collaboration_rule": False,
            **arguments,
        },
    )


def test_an_access_budget_has_the_membership_and_the_arn_of_its_association(
    stack: Stack,
) -> None:
    association = orders(stack).associate("In", membership=MEMBERSHIP_ID)
    made = budget(
        stack,
        budget=AccessBudget(
            association=association,
            per_period=PeriodBudget(100, BudgetPeriod.WEEK, refresh=True),
            lifetime=5000,
        ),
    )
    properties = resource_of(made)["Properties"]
    assert properties == {
        "MembershipIdentifier": MEMBERSHIP_ID,
        "PrivacyBudgetType": "ACCESS_BUDGET",
        "AutoRefresh": "NONE",
        "Parameters": {
            "ResourceArn": stack.resolve(association.configured_table_association_arn),
            "BudgetParameters": [
                {"Type": "CALENDAR_WEEK", "Budget": 100, "AutoRefresh": "ENABLED"},
                {"Type": "LIFETIME", "Budget": 5000},
            ],
        },
    }


def test_the_membership_of_an_association_comes_from_its_arn(stack: Stack) -> None:
    made = budget(stack, budget=access(lifetime=None, per_period=PeriodBudget(1, "DAY")))
    properties = resource_of(made)["Properties"]
    assert properties["MembershipIdentifier"] == MEMBERSHIP_ID
    assert properties["Parameters"] == {
        "ResourceArn": TABLE_ASSOCIATION_ARN,
        "BudgetParameters": [{"Type": "CALENDAR_DAY", "Budget": 1, "AutoRefresh": "DISABLED"}],
    }


def test_the_membership_of_an_association_known_at_deployment_is_split_from_its_arn(
    stack: Stack,
) -> None:
    made = budget(stack, budget=access(association=Aws.STACK_ID))
    split = {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}
    found = resource_of(made)["Properties"]["MembershipIdentifier"]
    assert found == {"Fn::Select": [1, split]}


def test_an_l1_as_an_association_has_the_membership_that_it_was_given(stack: Stack) -> None:
    l1 = CfnConfiguredTableAssociation(
        stack,
        "L1",
        membership_identifier=MEMBERSHIP_ID,
        configured_table_identifier=CONFIGURED_TABLE_ID,
        name="orders",
        role_arn=ROLE_ARN,
    )
    properties = resource_of(budget(stack, budget=access(association=l1)))["Properties"]
    assert properties["MembershipIdentifier"] == MEMBERSHIP_ID
    assert properties["Parameters"]["ResourceArn"] == {"Fn::GetAtt": ["L1", "Arn"]}


def test_the_membership_can_be_given_if_it_is_that_of_the_association(stack: Stack) -> None:
    budget(stack, membership=MEMBERSHIP_ID, budget=access())
    (problem,) = problems_of(lambda: budget(stack, "Other", membership=OTHER_ID, budget=access()))
    assert problem.property == "membership"
    assert (
        f"belongs to the membership {MEMBERSHIP_ID!r} and the budget to {OTHER_ID!r}"
        in problem.message
    )


def test_an_id_and_an_l1_can_be_the_same_membership(stack: Stack) -> None:
    l1 = CfnMembership(
        stack, "L1", collaboration_identifier=COLLABORATION_ID, query_log_status="DISABLED"
    )
    budget(stack, membership=l1, budget=access())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"budget": private()}, "membership: None is of type NoneType"),
        ({"budget": 3}, "budget: 3 is of type int; use DifferentialPrivacyBudget("),
        ({"budget": private(epsilon=21)}, "its epsilon, 21 is not a whole number from 1 to 20"),
        ({"budget": private(users_noise_per_query=9)}, "its users_noise_per_query, 9 is not"),
        ({"budget": private(refresh_monthly="yes")}, "its refresh_monthly, 'yes' is of type str"),
        ({"budget": access(lifetime=0)}, "its lifetime, 0 is not a whole number from 1"),
        ({"budget": access(lifetime=1_000_001)}, "from 1 to 1,000,000"),
        ({"budget": access(lifetime=None)}, "it has neither per_period nor lifetime"),
        ({"budget": access(per_period=100)}, "100 is of type int; use PeriodBudget(100, 'WEEK')"),
        ({"budget": access(per_period=PeriodBudget(1, "YEAR"))}, "'YEAR' is not one of 'DAY'"),
        ({"budget": access(per_period=PeriodBudget(0, "DAY"))}, "its per_period, its budget, 0"),
        ({"budget": access(association="x")}, "its association, 'x' is not an ARN"),
        (
            {
                "budget": access(
                    association=TABLE_ASSOCIATION_ARN.replace("tableassociation", "table")
                )
            },
            "is not the ARN of a configured table association",
        ),
        ({"budget": access(association=None)}, "use the ARN of a configured table association"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_budget_that_aws_refuses_is_a_problem(
    arguments: dict[str, Any], message: str, stack: Stack
) -> None:
    problems = problems_of(lambda: budget(stack, **arguments))
    assert any(message in str(problem) for problem in problems), problems


def test_the_budget_of_an_intermediate_table_can_be_declared_by_its_arn(stack: Stack) -> None:
    arn = TABLE_ASSOCIATION_ARN.replace("configuredtableassociation", "intermediatetable")
    budget(stack, budget=access(association=arn))


def test_an_arn_that_is_still_to_be_looked_up_needs_the_membership(stack: Stack) -> None:
    arn = "dummy-value-for-/association"
    budget(stack, membership=MEMBERSHIP_ID, budget=access(association=arn))


def test_an_association_has_one_access_budget(app: App, stack: Stack) -> None:
    first, second = associate(stack, "First"), associate(stack, "Second")
    budget(stack, "OfFirst", budget=access(association=first))
    budget(stack, "OfSecond", budget=access(association=second))
    budget(stack, "Again", budget=access(association=first))
    with pytest.raises(RuntimeError) as raised:
        app.synth()
    assert "Stack/Again: budget: Stack/OfFirst is the access budget of the same association" in str(
        raised.value
    )
    assert "OfSecond" not in str(raised.value)


def test_more_than_25_access_budgets_in_a_membership_cause_a_warning(stack: Stack) -> None:
    budget(stack, "Private", membership=MEMBERSHIP_ID, budget=private())
    for number in range(26):
        arn = TABLE_ASSOCIATION_ARN[:-2] + f"{number:02}"
        budget(stack, f"Budget{number}", budget=access(association=arn))
    (warning,) = warnings_of(stack)
    assert "more than 25 access budgets in one membership" in warning
