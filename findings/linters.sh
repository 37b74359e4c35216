#!/bin/sh
# Two guesses about tools that check and write IAM policies, both wrong for AWS Clean Rooms and AWS
# Entity Resolution. Seen with parliament 1.6.4, policy_sentry 0.15.2 and botocore 1.44.8 on Python
# 3.11 on 2026-11-30.
#
# 1. Guess: parliament accepts the ARN of a provider service, such as LiveRamp's, which belongs to no
#    account, and reports one with an account.
#    Seen: the opposite. The API's model in botocore says that the account is empty, but the format
#    in AWS's list of actions, which parliament contains, has one.
# 2. Guess: policy_sentry, asked for read access to one ID mapping table, writes actions that have an
#    effect on ID mapping tables.
#    Seen: the ARN of the table also looks like that of its membership, so actions that only exist
#    for memberships are allowed on the table, where they do nothing. Output:
#        provider service without an account: botocore accepts, parliament: RESOURCE_MISMATCH
#        provider service with an account: botocore refuses, parliament: no finding
#        on the ID mapping table: GetIdMappingTable, GetMembership, PassMembership
#
# The script exits with another status than 0 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet parliament==1.6.4 policy_sentry==0.15.2 botocore==1.44.8
cat > "$folder/seen.py" <<'PYTHON'
import json
import re

import parliament
from botocore.session import get_session
from policy_sentry.command.write_policy import write_policy_with_template

model = get_session().get_service_model("entityresolution")
pattern = model.shape_for("ProviderServiceArn").metadata["pattern"]


def found(action, resource):
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    policy = parliament.analyze_policy_string(
        json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    return ", ".join(finding.issue for finding in policy.findings) or "no finding"


for which, account in (("without", ""), ("with", "111122223333")):
    arn = f"arn:aws:entityresolution:us-east-1:{account}:providerservice/LiveRamp/Assignment"
    accepts = "accepts" if re.fullmatch(pattern, arn) else "refuses"
    findings = found("entityresolution:GetProviderService", arn)
    print(f"provider service {which} an account: botocore {accepts}, parliament: {findings}")

ID = "11111111-2222-4333-8444-555555555555"
table = f"arn:aws:cleanrooms:us-east-1:111122223333:membership/{ID}/idmappingtable/{ID}"
policy = write_policy_with_template({"mode": "crud", "name": "mapping", "read": [table]})
allowed = {
    action.partition(":")[2]
    for statement in policy["Statement"]
    for action in statement["Action"]
    if statement["Resource"] == [table]
}
of_interest = {"GetIdMappingTable", "GetMembership", "PassMembership"}
print(f"on the ID mapping table: {', '.join(sorted(allowed & of_interest))}")
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" > "$folder/output"
cat "$folder/output"
diff - "$folder/output" <<'EXPECTED'
provider service without an account: botocore accepts, parliament: RESOURCE_MISMATCH
provider service with an account: botocore refuses, parliament: no finding
on the ID mapping table: GetIdMappingTable, GetMembership, PassMembership
EXPECTED
