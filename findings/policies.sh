#!/bin/sh
# A guess about the AWS CDK's customized roles that is wrong. Seen with aws-cdk-lib 2.275.0 (jsii
# 1.142.0, constructs 10.8.1) on Python 3.11 and Node.js 20 on 2026-11-29.
#
# Guess: in an app with `Role.customize_roles(prevent_synthesis=True)`, no role and no policy of IAM
#    is synthesized, however a policy is attached to a role.
# Seen: `Policy(roles=[role])` and `policy.attach_to_role(role)` leave the policy in the template,
#    attached to a role that is not there. `role.attach_inline_policy(policy)`, which the methods of
#    the CDK's own constructs use, leaves the policy out. Output:
#        roles=: 0 roles, 1 policies
#        attach_to_role: 0 roles, 1 policies
#        attach_inline_policy: 0 roles, 0 policies
#
# The script exits with another status than 0 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet aws-cdk-lib==2.275.0 constructs==10.8.1 jsii==1.142.0
cat > "$folder/seen.py" <<'PYTHON'
import json

from aws_cdk import App, Stack
from aws_cdk.aws_iam import Policy, PolicyDocument, Role, ServicePrincipal

DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}],
}
WAYS = {
    "roles=": lambda role, document: Policy(role, "Policy", document=document, roles=[role]),
    "attach_to_role": lambda role, document: Policy(
        role, "Policy", document=document
    ).attach_to_role(role),
    "attach_inline_policy": lambda role, document: role.attach_inline_policy(
        Policy(role, "Policy", document=document)
    ),
}
for name, attach in WAYS.items():
    app = App()
    Role.customize_roles(app, prevent_synthesis=True, use_precreated_roles={"Stack/Role": "ours"})
    stack = Stack(app, "Stack")
    role = Role(stack, "Role", assumed_by=ServicePrincipal("cleanrooms.amazonaws.com"))
    attach(role, PolicyDocument.from_json(DOCUMENT))
    with open(app.synth().get_stack_by_name("Stack").template_full_path) as file:
        resources = json.load(file).get("Resources", {}).values()
    types = [resource["Type"] for resource in resources]
    roles, policies = types.count("AWS::IAM::Role"), types.count("AWS::IAM::Policy")
    print(f"{name}: {roles} roles, {policies} policies")
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" > "$folder/output" 2> "$folder/errors" || {
  cat "$folder/errors"
  exit 1
}
cat "$folder/output"
printf '%s\n' "roles=: 0 roles, 1 policies" "attach_to_role: 0 roles, 1 policies" \
  "attach_inline_policy: 0 roles, 0 policies" | cmp - "$folder/output"
