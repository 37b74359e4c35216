#!/bin/sh
# Three guesses about moto's double of AWS Clean Rooms that are wrong. Seen with moto 5.2.5 and boto3
# 1.44.8 on Python 3.11 on 2026-11-30.
#
# 1. Guess: two accounts can share a collaboration, because that is what the service is for.
#    Seen: each account sees only what it made. An invited account lists no collaboration, and its
#    membership is refused, because the collaboration is not found.
# 2. Guess: the member who pays is the one whom the request names.
#    Seen: the creator's payment configuration is left out, so that both members pay for queries.
# 3. Guess: a stack creates a collaboration in the double, now that the double has collaborations.
#    Seen: the stack is complete, with a line on standard error, and there is no collaboration.
# Output:
#    invited account: sees 0, joins: ResourceNotFoundException
#    pays for queries: creator True, partner True
#    stack: CREATE_COMPLETE, collaborations: 0
#
# The script exits with another status than 0 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'moto[cloudformation]==5.2.5' boto3==1.44.8
cat > "$folder/seen.py" <<'PYTHON'
import json
import os

import boto3
from moto import mock_aws

os.environ |= {
    "AWS_ACCESS_KEY_ID": "double",
    "AWS_SECRET_ACCESS_KEY": "double",
    "AWS_DEFAULT_REGION": "us-east-1",
}
PARTNER = "444455556666"


def paid_by(somebody):
    return {"queryCompute": {"isResponsible": somebody}}


with mock_aws():
    creator = boto3.client("cleanrooms")
    collaboration = creator.create_collaboration(
        name="overlap",
        description="Who is both",
        creatorDisplayName="Example Corp",
        creatorMemberAbilities=["CAN_QUERY"],
        creatorPaymentConfiguration=paid_by(False),
        queryLogStatus="DISABLED",
        members=[
            {
                "accountId": PARTNER,
                "displayName": "Partner",
                "memberAbilities": ["CAN_RECEIVE_RESULTS"],
                "paymentConfiguration": paid_by(True),
            }
        ],
    )["collaboration"]["id"]
    role = f"arn:aws:iam::{PARTNER}:role/partner"
    keys = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    partner = boto3.client(
        "cleanrooms",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    seen = len(partner.list_collaborations()["collaborationList"])
    try:
        partner.create_membership(
            collaborationIdentifier=collaboration, queryLogStatus="DISABLED"
        )
        joins = "accepted"
    except partner.exceptions.ResourceNotFoundException as error:
        joins = type(error).__name__
    print(f"invited account: sees {seen}, joins: {joins}")
    members = creator.list_members(collaborationIdentifier=collaboration)["memberSummaries"]
    pays = [each["paymentConfiguration"]["queryCompute"]["isResponsible"] for each in members]
    print(f"pays for queries: creator {pays[0]}, partner {pays[1]}")

with mock_aws():
    properties = {
        "Name": "overlap",
        "Description": "Who is both",
        "CreatorDisplayName": "Example Corp",
        "CreatorMemberAbilities": ["CAN_QUERY"],
        "QueryLogStatus": "DISABLED",
        "Members": [],
    }
    resource = {"Type": "AWS::CleanRooms::Collaboration", "Properties": properties}
    stacks = boto3.client("cloudformation")
    stacks.create_stack(
        StackName="overlap", TemplateBody=json.dumps({"Resources": {"It": resource}})
    )
    status = stacks.describe_stacks(StackName="overlap")["Stacks"][0]["StackStatus"]
    made = boto3.client("cleanrooms").list_collaborations()["collaborationList"]
    print(f"stack: {status}, collaborations: {len(made)}")
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" > "$folder/output"
cat "$folder/output"
diff - "$folder/output" <<'EXPECTED'
invited account: sees 0, joins: ResourceNotFoundException
pays for queries: creator True, partner True
stack: CREATE_COMPLETE, collaborations: 0
EXPECTED
