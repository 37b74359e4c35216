#!/bin/sh
# Two guesses about cdk-nag 3 that are wrong. Seen with cdk-nag 3.0.2 and aws-cdk-lib 2.275.0 (jsii
# 1.142.0) on Python 3.11 and Node.js 20 on 2026-11-30.
#
# 1. Guess: the metadata `cdk_nag` of a resource acknowledges a finding, as in version 2, because the
#    aspect `WriteNagSuppressionsToCloudFormationAspect` of version 3 writes this metadata.
#    Seen: version 3 writes it and does not read it. So neither what version 2 left in L1s, nor what
#    version 3 has written itself, acknowledges anything.
# 2. Guess: the ID of a rule acknowledges all findings of the rule, and a star stands for the rest.
#    Seen: for a rule that has findings for parts of a resource, such as `AwsSolutions-IAM5`, only
#    the exact ID of each finding does. Output:
#        metadata with the ID of the rule: ValidationFailed
#        metadata with the ID of the finding: ValidationFailed
#        acknowledged rule: ValidationFailed
#        acknowledged with a star: ValidationFailed
#        acknowledged finding: passes
#        acknowledged finding, written: passes, metadata with 1 suppression
#
# The script exits with another status than 0 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet cdk-nag==3.0.2 aws-cdk-lib==2.275.0 jsii==1.142.0
cat > "$folder/seen.py" <<'PYTHON'
from aws_cdk import Acknowledgment, App, Aspects, Stack, Validations
from aws_cdk.assertions import Template
from aws_cdk.aws_iam import CfnRole
from cdk_nag import AwsSolutionsChecks, WriteNagSuppressionsToCloudFormationAspect

RULE = "AwsSolutions-IAM5"
FINDING = f"AwsSolutions::{RULE}[Resource::arn:aws:s3:::data/*]"


def document(**statement):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


def outcome(change):
    app = App()
    Validations.of(app).add_plugins(AwsSolutionsChecks())
    role = CfnRole(
        Stack(app, "Stack"),
        "Role",
        assume_role_policy_document=document(
            Action="sts:AssumeRole", Principal={"Service": "cleanrooms.amazonaws.com"}
        ),
        policies=[
            CfnRole.PolicyProperty(
                policy_name="data",
                policy_document=document(Action="s3:GetObject", Resource="arn:aws:s3:::data/*"),
            )
        ],
    )
    change(role)
    try:
        [found] = Template.from_stack(Stack.of(role)).find_resources("AWS::IAM::Role").values()
    except RuntimeError as error:
        return str(error).partition(":")[0]
    written = found.get("Metadata", {}).get("cdk_nag", {}).get("rules_to_suppress", [])
    return f"passes, metadata with {len(written)} suppression" if written else "passes"


def metadata(id):
    suppressions = {"rules_to_suppress": [{"id": id, "reason": "All objects are needed."}]}
    return lambda role: role.add_metadata("cdk_nag", suppressions)


def acknowledged(id):
    reason = "All objects are needed."
    return lambda role: Validations.of(role).acknowledge(Acknowledgment(id=id, reason=reason))


def written(role):
    acknowledged(FINDING)(role)
    Aspects.of(role).add(WriteNagSuppressionsToCloudFormationAspect())


print("metadata with the ID of the rule:", outcome(metadata(RULE)))
print("metadata with the ID of the finding:", outcome(metadata(FINDING)))
print("acknowledged rule:", outcome(acknowledged(f"AwsSolutions::{RULE}")))
print("acknowledged with a star:", outcome(acknowledged(f"AwsSolutions::{RULE}[*]")))
print("acknowledged finding:", outcome(acknowledged(FINDING)))
print("acknowledged finding, written:", outcome(written))
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" > "$folder/output" 2> "$folder/errors" || {
  cat "$folder/errors"
  exit 1
}
cat "$folder/output"
diff - "$folder/output" <<'EXPECTED'
metadata with the ID of the rule: ValidationFailed
metadata with the ID of the finding: ValidationFailed
acknowledged rule: ValidationFailed
acknowledged with a star: ValidationFailed
acknowledged finding: passes
acknowledged finding, written: passes, metadata with 1 suppression
EXPECTED
