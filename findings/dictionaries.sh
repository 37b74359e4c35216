#!/bin/sh
# A guess about an L1 of the CDK for Python that is wrong, and mostly passes without an error. Seen
# with aws-cdk-lib 2.275.0 (jsii 1.142.0, constructs 10.8.1) on Python 3.11 and Node.js 20 on
# 2026-11-29.
#
# Guess: where an L1 accepts a dict for a nested property, the dict may use the names of Python or
#    those of CloudFormation, and a key that the L1 does not know is refused or written as it is.
# Seen: the names of Python raise an error. The names of CloudFormation, and every other key that
#    the L1 does not know, are left out of the template. That includes properties that are newer
#    than the L1, such as the source `databricks` of the API of AWS Clean Rooms. Nothing is said,
#    not even by the validation of templates, if the rest is valid. Only `databaseName`, the name
#    that TypeScript has, is written. An override writes any name. Output:
#        database_name: RuntimeError
#        databaseName: {'Glue': {'DatabaseName': 'crm', 'TableName': 'orders'}}
#        DatabaseName: {}
#        databricks beside glue: {'Glue': {'DatabaseName': 'crm', 'TableName': 'orders'}}
#        override: {'Glue': {'DatabaseName': 'crm', 'TableName': 'orders', 'CatalogId': '1'}}
#
# The script exits with another status than 0 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet aws-cdk-lib==2.275.0 constructs==10.8.1 jsii==1.142.0
cat > "$folder/seen.py" <<'PYTHON'
from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_cleanrooms import CfnConfiguredTable

GLUE = {"databaseName": "crm", "tableName": "orders"}
DATABRICKS = {"schemaName": "crm", "tableName": "orders"}
REFERENCES = {
    "database_name": {"glue": {"database_name": "crm", "table_name": "orders"}},
    "databaseName": {"glue": GLUE},
    "DatabaseName": {"Glue": {"DatabaseName": "crm", "TableName": "orders"}},
    "databricks beside glue": {"glue": GLUE, "databricks": DATABRICKS},
    "override": {"glue": GLUE},
}
for name, reference in REFERENCES.items():
    stack = Stack(App(), "Stack")
    try:
        table = CfnConfiguredTable(
            stack,
            "Table",
            name="orders",
            allowed_columns=["id"],
            analysis_method="DIRECT_QUERY",
            table_reference=reference,
        )
    except RuntimeError as error:
        print(f"{name}: {type(error).__name__}")
        continue
    if name == "override":
        table.add_property_override("TableReference.Glue.CatalogId", "1")
    resource = Template.from_stack(stack).to_json()["Resources"]["Table"]
    print(f"{name}: {resource['Properties']['TableReference']}")
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" > "$folder/output" 2> "$folder/errors" || {
  cat "$folder/errors"
  exit 1
}
cat "$folder/output"
printf '%s\n' "database_name: RuntimeError" \
  "databaseName: {'Glue': {'DatabaseName': 'crm', 'TableName': 'orders'}}" "DatabaseName: {}" \
  "databricks beside glue: {'Glue': {'DatabaseName': 'crm', 'TableName': 'orders'}}" \
  "override: {'Glue': {'DatabaseName': 'crm', 'TableName': 'orders', 'CatalogId': '1'}}" |
  cmp - "$folder/output"
