#!/bin/sh
# Two guesses about what the CDK CLI says of replacements, both wrong for AWS Clean Rooms and AWS
# Entity Resolution. Seen with aws-cdk 2.1148.1 (npm) on Node.js 20 and cfn-lint 1.58.0 on Python
# 3.11 on 2026-11-29.
#
# 1. Guess: where `cdk diff --template` writes "requires replacement", the property is create-only
#    in the schema of the resource type.
#    Seen: the CLI's own database says so of the columns of a configured table and of the fields of
#    a schema mapping. In the schemas that cfn-lint contains, neither is create-only any more.
# 2. Guess: where a property is create-only in the schema, `cdk diff --template` writes it.
#    Seen: not for a part of a property: another association in a privacy budget template, and
#    real-time matching in a matching workflow, look like changes in place.
# Output, with the CLI's verdict, then the schema's:
#    ConfiguredTable: replace, in place
#    SchemaMapping: replace, in place
#    PrivacyBudgetTemplate: in place, replace
#    MatchingWorkflow: in place, replace
#
# The script needs no AWS account: it compares two files. It exits with another status than 0 if
# that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet cfn-lint==1.58.0
npm install --silent --no-audit --no-fund --prefix "$folder" aws-cdk@2.1148.1 > /dev/null
cat > "$folder/seen.py" <<'PYTHON'
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

folder = Path(sys.argv[1])
MEMBERSHIP = "a1b2c3d4-5678-90ab-cdef-111111111111"
BUDGETED = f"arn:aws:cleanrooms:us-east-1:111122223333:membership/{MEMBERSHIP}"
SERVICE = "arn:aws:entityresolution:us-east-1:111122223333"
ROLE = "arn:aws:iam::111122223333:role/matching"


def mapping(key):
    return {
        "SchemaName": "customers",
        "MappedInputFields": [
            {"FieldName": "id", "Type": "UNIQUE_ID"},
            {"FieldName": "email", "Type": "EMAIL_ADDRESS", "MatchKey": key},
        ],
    }


def table(*columns):
    return {
        "Name": "orders",
        "AnalysisMethod": "DIRECT_QUERY",
        "AllowedColumns": columns,
        "TableReference": {"Glue": {"DatabaseName": "crm", "TableName": "orders"}},
    }


def budget(association):
    return {
        "MembershipIdentifier": MEMBERSHIP,
        "PrivacyBudgetType": "ACCESS_BUDGET",
        "AutoRefresh": "NONE",
        "Parameters": {
            "ResourceArn": f"{BUDGETED}/configuredtableassociation/{association}",
            "BudgetParameters": [{"Type": "LIFETIME", "Budget": 5}],
        },
    }


def matching(real_time):
    return {
        "WorkflowName": "matching",
        "RoleArn": ROLE,
        "InputSourceConfig": [
            {
                "InputSourceARN": "arn:aws:glue:us-east-1:111122223333:table/crm/customers",
                "SchemaArn": f"{SERVICE}:schemamapping/customers",
            }
        ],
        "OutputSourceConfig": [{"OutputS3Path": "s3://data/out/", "Output": [{"Name": "id"}]}],
        "ResolutionTechniques": {
            "ResolutionType": "RULE_MATCHING",
            "EnableRealTimeMatching": real_time,
        },
    }


# The type, its properties before and after, and the property of the schema that changes.
CHANGES = [
    ("CleanRooms::ConfiguredTable", table("id"), table("id", "email"), "AllowedColumns"),
    ("EntityResolution::SchemaMapping", mapping("Mail"), mapping("Email"), "MappedInputFields"),
    ("CleanRooms::PrivacyBudgetTemplate", budget(1), budget(2), "Parameters/ResourceArn"),
    (
        "EntityResolution::MatchingWorkflow",
        matching(False),
        matching(True),
        "ResolutionTechniques/EnableRealTimeMatching",
    ),
]
manifest = {
    "version": "36.0.0",
    "artifacts": {
        "Stack": {
            "type": "aws:cloudformation:stack",
            "environment": "aws://unknown-account/unknown-region",
            "properties": {"templateFile": "after.json"},
        }
    },
}
(folder / "app").mkdir()
(folder / "app/manifest.json").write_text(json.dumps(manifest))
names = {kind: kind.rpartition(":")[2] for kind, *_ in CHANGES}
for path, index in (("before.json", 1), ("app/after.json", 2)):
    resources = {
        names[change[0]]: {"Type": f"AWS::{change[0]}", "Properties": change[index]}
        for change in CHANGES
    }
    (folder / path).write_text(json.dumps({"Resources": resources}))
program = folder / "node_modules/.bin/cdk"
command = [program, "diff", "--app", "app", "--template", "before.json", "Stack"]
quiet = {**os.environ, "HOME": str(folder), "AWS_EC2_METADATA_DISABLED": "true"}
run = subprocess.run(
    [*command, "--no-color", "--no-notices"], cwd=folder, env=quiet, capture_output=True, text=True
)
lines = (run.stdout + run.stderr).splitlines()
for kind, _, _, changed in CHANGES:
    (line,) = (line for line in lines if re.match(rf"\[~\] AWS::{kind} ", line))
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", f"AWS::{kind}").schema
    create_only = f"/properties/{changed}" in schema.get("createOnlyProperties", [])
    verdicts = (line.endswith("replace"), create_only)
    first, second = ("replace" if verdict else "in place" for verdict in verdicts)
    print(f"{names[kind]}: {first}, {second}")
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" "$folder" > "$folder/output" 2> "$folder/errors" || {
  cat "$folder/errors"
  exit 1
}
cat "$folder/output"
printf '%s\n' "ConfiguredTable: replace, in place" "SchemaMapping: replace, in place" \
  "PrivacyBudgetTemplate: in place, replace" "MatchingWorkflow: in place, replace" |
  cmp - "$folder/output"
