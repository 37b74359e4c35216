"""Schedules of EventBridge that start a job of a resource."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from constructs import Construct

from . import checks
from .construct_checks import ConstructArguments
from .environment import facts_of_scope
from .validation import Problem

if TYPE_CHECKING:
    from aws_cdk.aws_iam import Grant, IGrantable
    from aws_cdk.aws_scheduler import Schedule, ScheduleExpression
    from aws_cdk.aws_sqs import IQueue

# EventBridge Scheduler's default is 185 retries in a day, and only one job can run at a time.
_RETRIES = 3
_RETRY_FOR_HOURS = 1
# The longest that Amazon SQS keeps a message.
_KEEP_FAILURES_FOR_DAYS = 14
_PRINCIPAL = "scheduler.amazonaws.com"


def start_on_schedule(
    resource: Construct,
    id: str,
    schedule: ScheduleExpression,
    dead_letter_queue: IQueue | None,
    *,
    operation: str,
    parameters: Callable[[], Mapping[str, str]],
    grant: Callable[[IGrantable], Grant],
) -> Schedule:
    """Create a schedule that starts a job of a resource, with a role for exactly that.

    Args:
        resource: The resource, which becomes the scope of the schedule.
        id: The schedule's ID in the scope.
        schedule: When the job starts.
        dead_letter_queue: The queue for starts that failed. By default a queue is created.
        operation: The service and the operation that starts the job, such as
            `entityresolution:startMatchingJob`.
        parameters: A function that returns the parameters of the operation.
        grant: The grant of the permission to call the operation.

    Returns:
        The schedule.

    Raises:
        ValidationError: If `id` or `schedule` is not well-formed.
    """
    arguments = ConstructArguments(resource, id)
    arguments.report(_schedule("schedule", schedule))
    arguments.refuse()
    # Few apps have a schedule, and loading these modules takes time.
    from aws_cdk import Duration
    from aws_cdk.aws_iam import Role, ServicePrincipal
    from aws_cdk.aws_scheduler import Schedule, ScheduleTargetInput
    from aws_cdk.aws_scheduler_targets import Universal
    from aws_cdk.aws_sqs import Queue, QueueEncryption

    stack = facts_of_scope(resource)
    scope = Construct(resource, arguments.construct_id)
    role = Role(
        scope,
        "Role",
        assumed_by=ServicePrincipal(
            _PRINCIPAL,
            conditions={
                "StringEquals": {
                    "aws:SourceAccount": stack.account,
                    "aws:SourceArn": stack.arn("scheduler", "schedule-group", "default"),
                }
            },
        ),
    )
    permission = grant(role)
    queue = dead_letter_queue or Queue(
        scope,
        "Failures",
        encryption=QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=Duration.days(_KEEP_FAILURES_FOR_DAYS),
    )
    service, action = operation.split(":")
    result = Schedule(
        scope,
        "Schedule",
        schedule=schedule,
        target=Universal(
            service=service,
            action=action,
            input=ScheduleTargetInput.from_object(dict(parameters())),
            role=role,
            # Without statements, the CDK would allow the operation on every resource.
            policy_statements=permission.principal_statements,
            dead_letter_queue=queue,
            max_event_age=Duration.hours(_RETRY_FOR_HOURS),
            retry_attempts=_RETRIES,
        ),
    )
    # The role contains the policy, which the first start needs.
    result.node.add_dependency(role)
    return result


def _schedule(property: str, value: object) -> Iterator[Problem]:
    from aws_cdk.aws_scheduler import ScheduleExpression

    if not isinstance(value, ScheduleExpression):
        expected = "a ScheduleExpression of aws_cdk.aws_scheduler, such as"
        example = "ScheduleExpression.cron(hour='2', minute='0')"
        yield checks.wrong_type(property, value, f"{expected} {example}")
