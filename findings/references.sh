#!/bin/sh
# Two guesses about weak references between stacks of the CDK that are wrong. Seen with aws-cdk-lib
# 2.275.0 (jsii 1.142.0, constructs 10.8.1) on Python 3.11 and Node.js 20 on 2026-11-29.
#
# 1. Guess: `CrossStackReferences.of(stack).consume(…)` can be called at any time before synthesis,
#    because the CDK resolves references only then.
#    Seen: it raises an error once the stack has a child. So a subclass of `Stack` cannot be changed
#    from outside, after its constructor has declared the resources.
# 2. Guess: `CrossStackReferences.of(stack).produce(…)` is the same for the stack that is read.
#    Seen: it accepts no stack, only a resource, and that also after the reference was made. Output:
#        consume, of an empty stack: Fn::GetStackOutput
#        consume, of a stack with a child: RuntimeError
#        produce, of a stack: RuntimeError
#        produce, of a resource: Fn::GetStackOutput
#        neither: Fn::ImportValue
#
# The script exits with another status than 0 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet aws-cdk-lib==2.275.0 constructs==10.8.1 jsii==1.142.0
cat > "$folder/seen.py" <<'PYTHON'
from aws_cdk import App, CrossStackReferences, ReferenceStrength, Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_cleanrooms import CfnCollaboration, CfnMembership

WEAK = ReferenceStrength.WEAK


def join(consumer, collaboration):
    CfnMembership(
        consumer,
        "Membership",
        collaboration_identifier=collaboration.attr_collaboration_identifier,
        query_log_status="ENABLED",
    )


def consume_before(producer, consumer, collaboration):
    CrossStackReferences.of(consumer).consume(WEAK)
    join(consumer, collaboration)


def consume_after(producer, consumer, collaboration):
    join(consumer, collaboration)
    CrossStackReferences.of(consumer).consume(WEAK)


def produce_stack(producer, consumer, collaboration):
    join(consumer, collaboration)
    CrossStackReferences.of(producer).produce(WEAK)


def produce_resource(producer, consumer, collaboration):
    join(consumer, collaboration)
    CrossStackReferences.of(collaboration).produce(WEAK)


WAYS = {
    "consume, of an empty stack": consume_before,
    "consume, of a stack with a child": consume_after,
    "produce, of a stack": produce_stack,
    "produce, of a resource": produce_resource,
    "neither": lambda producer, *rest: join(*rest),
}
for name, declare in WAYS.items():
    app = App()
    producer, consumer = Stack(app, "Producer"), Stack(app, "Consumer")
    collaboration = CfnCollaboration(
        producer,
        "Collaboration",
        name="overlap",
        description="Whom we share",
        creator_display_name="We",
        creator_member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
        members=[],
        query_log_status="ENABLED",
    )
    try:
        declare(producer, consumer, collaboration)
    except RuntimeError as error:
        print(f"{name}: {type(error).__name__}")
        continue
    membership = Template.from_stack(consumer).to_json()["Resources"]["Membership"]
    (function,) = membership["Properties"]["CollaborationIdentifier"]
    print(f"{name}: {function}")
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" > "$folder/output" 2> "$folder/errors" || {
  cat "$folder/errors"
  exit 1
}
cat "$folder/output"
printf '%s\n' "consume, of an empty stack: Fn::GetStackOutput" \
  "consume, of a stack with a child: RuntimeError" "produce, of a stack: RuntimeError" \
  "produce, of a resource: Fn::GetStackOutput" "neither: Fn::ImportValue" | cmp - "$folder/output"
