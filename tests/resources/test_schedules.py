"""Schedules that start the jobs of ID mapping tables and matching workflows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

import pytest
from aws_cdk import Stack, TimeZone
from aws_cdk.assertions import Match, Template
from aws_cdk.aws_scheduler import Schedule, ScheduleExpression
from aws_cdk.aws_sqs import Queue

from cdk_cleanrooms import IdMappingTable, IIdMappingTable, IMatchingWorkflow, MatchingWorkflow
from tests.helpers import problems_of
from tests.resources.samples.id_mapping_table import SAMPLE as TABLE
from tests.resources.samples.matching_workflow import SAMPLE as WORKFLOW

NIGHTLY = ScheduleExpression.cron(hour="2", minute="0", time_zone=TimeZone.EUROPE_BERLIN)


class StartOn(Protocol):
    """Declares a schedule that starts a job of a new resource."""

    def __call__(self, stack: Stack, schedule: Any = NIGHTLY, **options: Any) -> Schedule: ...


def populate_on(stack: Stack, schedule: Any = NIGHTLY, **options: Any) -> Schedule:
    table: IdMappingTable = TABLE.declare(stack, "Table")
    return table.populate_on("EveryNight", schedule, **options)


def run_on(stack: Stack, schedule: Any = NIGHTLY, **options: Any) -> Schedule:
    workflow: MatchingWorkflow = WORKFLOW.declare(stack, "Workflow")
    return workflow.run_on("EveryNight", schedule, **options)


every_resource = pytest.mark.parametrize("start_on", [populate_on, run_on])


def only(template: Template, type: str) -> Any:
    (resource,) = template.find_resources(type).values()
    return resource


def statements_of_scheduler(template: Template) -> list[Any]:
    (role,) = template.find_resources(
        "AWS::IAM::Role",
        {
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Statement": [{"Principal": {"Service": "scheduler.amazonaws.com"}}]
                }
            }
        },
    )
    (policy,) = template.find_resources(
        "AWS::IAM::Policy", {"Properties": {"Roles": [{"Ref": role}]}}
    ).values()
    statements: list[Any] = policy["Properties"]["PolicyDocument"]["Statement"]
    return statements


def parameters(target: Any) -> Any:
    """Return the parameters of a call, with what each reference names instead of its value."""
    return json.loads(
        "".join(
            part if isinstance(part, str) else "/".join(next(map(list_of, part.values())))
            for part in target["Input"]["Fn::Join"][1]
        )
    )


def list_of(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_a_schedule_fills_a_table(stack: Stack) -> None:
    schedule = populate_on(stack)
    assert isinstance(schedule, Schedule)
    template = Template.from_stack(stack)
    (table,) = template.find_resources("AWS::CleanRooms::IdMappingTable")
    properties = only(template, "AWS::Scheduler::Schedule")["Properties"]
    assert properties["ScheduleExpression"] == "cron(0 2 * * ? *)"
    assert properties["ScheduleExpressionTimezone"] == "Europe/Berlin"
    assert properties["State"] == "ENABLED"
    assert stack.resolve(properties["Target"]["Arn"])["Fn::Join"][1][2] == (
        ":scheduler:::aws-sdk:cleanrooms:populateIdMappingTable"
    )
    assert parameters(properties["Target"]) == {
        "IdMappingTableIdentifier": f"{table}/IdMappingTableIdentifier",
        "MembershipIdentifier": TABLE.known["membership_identifier"],
    }


def test_the_schedule_of_a_table_can_do_nothing_but_fill_this_table(stack: Stack) -> None:
    populate_on(stack)
    template = Template.from_stack(stack)
    (table,) = template.find_resources("AWS::CleanRooms::IdMappingTable")
    *own, _ = statements_of_scheduler(template)
    assert own == [
        {
            "Action": "cleanrooms:PopulateIdMappingTable",
            "Effect": "Allow",
            "Resource": {"Fn::GetAtt": [table, attribute]},
        }
        for attribute in ("Arn", "MembershipArn")
    ]


def test_a_schedule_runs_a_matching_workflow_and_can_do_nothing_else(stack: Stack) -> None:
    run_on(stack)
    template = Template.from_stack(stack)
    (workflow,) = template.find_resources("AWS::EntityResolution::MatchingWorkflow")
    target = only(template, "AWS::Scheduler::Schedule")["Properties"]["Target"]
    assert target["Arn"]["Fn::Join"][1][2] == (
        ":scheduler:::aws-sdk:entityresolution:startMatchingJob"
    )
    assert parameters(target) == {"WorkflowName": workflow}
    own, _ = statements_of_scheduler(template)
    assert own == {
        "Action": "entityresolution:StartMatchingJob",
        "Effect": "Allow",
        "Resource": {"Fn::GetAtt": [workflow, "WorkflowArn"]},
    }


@every_resource
def test_a_schedule_waits_for_the_policy_of_its_role(start_on: StartOn, stack: Stack) -> None:
    start_on(stack)
    template = Template.from_stack(stack)
    depends_on = only(template, "AWS::Scheduler::Schedule")["DependsOn"]
    roles_and_policies = {
        *template.find_resources("AWS::IAM::Role"),
        *template.find_resources("AWS::IAM::Policy"),
    }
    assert {*depends_on} <= roles_and_policies
    assert len(depends_on) == 2


@every_resource
def test_a_start_that_fails_is_repeated_a_few_times_and_then_kept(
    start_on: StartOn, stack: Stack
) -> None:
    start_on(stack)
    template = Template.from_stack(stack)
    (queue,) = template.find_resources("AWS::SQS::Queue")
    target = only(template, "AWS::Scheduler::Schedule")["Properties"]["Target"]
    assert target["RetryPolicy"] == {
        "MaximumEventAgeInSeconds": 3600,
        "MaximumRetryAttempts": 3,
    }
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": [queue, "Arn"]}}
    template.has_resource_properties("AWS::SQS::Queue", {"MessageRetentionPeriod": 14 * 24 * 3600})
    assert {
        "Action": "sqs:SendMessage",
        "Effect": "Allow",
        "Resource": {"Fn::GetAtt": [queue, "Arn"]},
    } in statements_of_scheduler(template)


@every_resource
def test_failures_go_to_the_queue_that_is_given(start_on: StartOn, stack: Stack) -> None:
    queue = Queue(stack, "Ours")
    start_on(stack, dead_letter_queue=queue)
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::SQS::Queue", 1)
    template.has_resource_properties(
        "AWS::Scheduler::Schedule",
        {"Target": {"DeadLetterConfig": {"Arn": stack.resolve(queue.queue_arn)}}},
    )


@every_resource
def test_only_the_scheduler_of_the_account_can_use_the_role(
    start_on: StartOn, stack: Stack
) -> None:
    start_on(stack)
    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": {
                "Statement": [
                    {
                        "Principal": {"Service": "scheduler.amazonaws.com"},
                        "Condition": {
                            "StringEquals": {
                                "aws:SourceAccount": stack.resolve(stack.account),
                                "aws:SourceArn": Match.any_value(),
                            }
                        },
                    }
                ]
            }
        },
    )


@every_resource
@pytest.mark.parametrize("schedule", ["cron(0 2 * * ? *)", None, 24])
def test_a_schedule_is_no_text(start_on: StartOn, schedule: object, stack: Stack) -> None:
    (problem,) = problems_of(lambda: start_on(stack, schedule))
    assert (problem.property, problem.value) == ("schedule", schedule)
    assert "use a ScheduleExpression of aws_cdk.aws_scheduler" in problem.message
    assert Template.from_stack(stack).find_resources("AWS::SQS::Queue") == {}


IMPORTED: list[Callable[[Stack], Callable[[str, ScheduleExpression], Schedule]]] = [
    lambda stack: imported_table(stack).populate_on,
    lambda stack: imported_workflow(stack).run_on,
]


def imported_table(stack: Stack) -> IIdMappingTable:
    return IdMappingTable.from_id_mapping_table_arn(
        stack, "Imported", TABLE.arns["id_mapping_table_arn"]
    )


def imported_workflow(stack: Stack) -> IMatchingWorkflow:
    return MatchingWorkflow.from_existing(
        stack, "Imported", matching_workflow_name=WORKFLOW.known["matching_workflow_name"]
    )


@pytest.mark.parametrize("method", IMPORTED)
def test_jobs_of_imported_resources_can_be_scheduled_twice(
    method: Callable[[Stack], Callable[[str, ScheduleExpression], Schedule]], stack: Stack
) -> None:
    start_on = method(stack)
    start_on("Morning", ScheduleExpression.cron(hour="6"))
    start_on("Evening", ScheduleExpression.cron(hour="18"))
    Template.from_stack(stack).resource_count_is("AWS::Scheduler::Schedule", 2)
