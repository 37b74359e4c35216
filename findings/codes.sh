#!/bin/sh
# Two guesses about the AWS CDK for Python that are wrong. Seen with aws-cdk-lib 2.275.0 (jsii
# 1.142.0, constructs 10.8.1) on Python 3.11 and Node.js 20 on 2026-11-29.
#
# 1. Guess: in `aws_cdk.assertions`, None as an expected value means that the property is absent.
#    Seen: the assertion holds for any value; only `Match.absent()` fails. Output:
#        None holds for 'ours', Match.absent() fails
# 2. Guess: a part of `CfnParameter.value_as_list`, such as `[1:]`, fails or becomes a token.
#    Seen: Python sees a list with one item, so the part is empty, without any error. Output:
#        1 item, the rest is []
#
# The script exits with another status than 0 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet aws-cdk-lib==2.275.0 constructs==10.8.1 jsii==1.142.0
cat > "$folder/seen.py" <<'PYTHON'
from aws_cdk import App, CfnParameter, Stack
from aws_cdk.assertions import Match, Template
from aws_cdk.aws_cleanrooms import CfnConfiguredTable

stack = Stack(App(), "Stack")
rest = CfnParameter(stack, "Regions", type="CommaDelimitedList").value_as_list
CfnConfiguredTable(
    stack,
    "Table",
    name="orders",
    description="ours",
    allowed_columns=["id"],
    analysis_method="DIRECT_QUERY",
    table_reference=CfnConfiguredTable.TableReferenceProperty(
        glue=CfnConfiguredTable.GlueTableReferenceProperty(database_name="crm", table_name="orders")
    ),
)
template = Template.from_stack(stack)
kind = "AWS::CleanRooms::ConfiguredTable"
template.has_resource_properties(kind, {"Description": None})
try:
    template.has_resource_properties(kind, {"Description": Match.absent()})
except RuntimeError:
    print("None holds for 'ours', Match.absent() fails")
print(f"{len(rest)} item, the rest is {rest[1:]}")
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" > "$folder/output" 2> "$folder/errors" || {
  cat "$folder/errors"
  exit 1
}
cat "$folder/output"
printf '%s\n' "None holds for 'ours', Match.absent() fails" "1 item, the rest is []" |
  cmp - "$folder/output"
