#!/bin/sh
# A guess about the AWS CDK's ways of calling an API of AWS that is wrong. Seen with aws-cdk-lib
# 2.275.0 (jsii 1.142.0, constructs 10.8.1) on Python 3.11 and Node.js 20 on 2026-11-29.
#
# Guess: the actions of AWS Clean Rooms ML begin with `cleanrooms-ml:` in policies, although its API
#    is named `cleanroomsml`. The CDK knows this wherever it derives an action from an API.
# Seen: a schedule's `Universal` target and `AwsCustomResource` know it. The tasks of Step Functions
#    write the name of the API, which is no prefix of an action; `iam_action` corrects it. Output:
#        AwsCustomResource: cleanrooms-ml:CreateTrainedModel
#        CallAwsService: cleanroomsml:createTrainedModel
#        CallAwsServiceCrossRegion: cleanroomsml:createTrainedModel
#        Universal: cleanrooms-ml:CreateTrainedModel
#
# The script exits with another status than 0 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet aws-cdk-lib==2.275.0 constructs==10.8.1 jsii==1.142.0
cat > "$folder/seen.py" <<'PYTHON'
import json

from aws_cdk import App, Duration, Stack
from aws_cdk.aws_scheduler import Schedule, ScheduleExpression
from aws_cdk.aws_scheduler_targets import Universal
from aws_cdk.aws_stepfunctions import DefinitionBody, StateMachine
from aws_cdk.aws_stepfunctions_tasks import CallAwsService, CallAwsServiceCrossRegion
from aws_cdk.custom_resources import (
    AwsCustomResource,
    AwsCustomResourcePolicy,
    AwsSdkCall,
    PhysicalResourceId,
)

CALL = {"service": "cleanroomsml", "action": "createTrainedModel"}


def universal(stack):
    expression = ScheduleExpression.rate(Duration.days(1))
    Schedule(stack, "Daily", schedule=expression, target=Universal(**CALL))


def custom_resource(stack):
    call = AwsSdkCall(**CALL, physical_resource_id=PhysicalResourceId.of("model"))
    policy = AwsCustomResourcePolicy.from_sdk_calls(resources=["*"])
    AwsCustomResource(stack, "Model", on_create=call, policy=policy)


def task(stack):
    step = CallAwsService(stack, "Model", **CALL, iam_resources=["*"])
    StateMachine(stack, "Machine", definition_body=DefinitionBody.from_chainable(step))


def task_of_another_region(stack):
    CallAwsServiceCrossRegion(stack, "Model", **CALL, iam_resources=["*"], region="eu-west-1")


WAYS = {
    "Universal": universal,
    "AwsCustomResource": custom_resource,
    "CallAwsService": task,
    "CallAwsServiceCrossRegion": task_of_another_region,
}
app = App()
for name, declare in WAYS.items():
    declare(Stack(app, name))
for stack in app.synth().stacks:
    with open(stack.template_full_path) as file:
        resources = json.load(file)["Resources"].values()
    (policy,) = (each for each in resources if each["Type"] == "AWS::IAM::Policy")
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    print(f"{stack.id}: {statement['Action']}")
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" > "$folder/output" 2> "$folder/errors" || {
  cat "$folder/errors"
  exit 1
}
cat "$folder/output"
printf '%s\n' "AwsCustomResource: cleanrooms-ml:CreateTrainedModel" \
  "CallAwsService: cleanroomsml:createTrainedModel" \
  "CallAwsServiceCrossRegion: cleanroomsml:createTrainedModel" \
  "Universal: cleanrooms-ml:CreateTrainedModel" | cmp - "$folder/output"
