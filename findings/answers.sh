#!/bin/sh
# Two guesses about an SDK that is older than an answer of AWS Clean Rooms, both wrong. Seen with
# boto3 and botocore 1.43.106 and 1.44.8 on Python 3.11 on 2026-11-30. Both versions get the same
# answers here, which have members that only the model of the newer one has.
#
# 1. Guess: what the older version does not know is left out of its answer.
#    Seen: that is so for the format of job results. But a new source of a table, which is a member
#    of a union, is replaced with a member `SDK_UNKNOWN_MEMBER`, without its values.
# 2. Guess: so the description of a table can be sent back, for example to create a copy.
#    Seen: the older version refuses what it has answered itself. Output:
#        1.43.106: table: SDK_UNKNOWN_MEMBER, job results: bucket
#        1.43.106: copy of the table: Unknown parameter in tableReference: "SDK_UNKNOWN_MEMBER"
#        1.44.8: table: databricks, job results: resultFormat, bucket
#        1.44.8: copy of the table: accepted
#
# The script needs no network after the installation. It exits with another status than 0 if that
# changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/seen.py" <<'PYTHON'
import io
import json

import boto3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ParamValidationError

ID = "11111111-2222-4333-8444-555555555555"
WORKSPACE = "https://example.cloud.databricks.com"
SHARING = {
    "deltaShareEndpoint": f"{WORKSPACE}/api/2.0/delta-sharing/metastores/{ID}",
    "shareName": "orders",
}
TABLE = {
    "name": "orders",
    "tableReference": {
        "databricks": {
            "workspaceUrl": WORKSPACE,
            "schemaName": "sales",
            "tableName": "orders",
            "connectionType": {"deltaSharing": SHARING},
        }
    },
    "allowedColumns": ["id"],
    "analysisMethod": "DIRECT_QUERY",
}
S3 = {"bucket": "results", "resultFormat": "PARQUET"}
MEMBERSHIP = {
    "defaultJobResultConfiguration": {
        "outputConfiguration": {"s3": S3},
        "roleArn": "arn:aws:iam::111122223333:role/results",
    }
}
ANSWERS = {"configuredtables": {"configuredTable": TABLE}, "memberships": {"membership": MEMBERSHIP}}

client = boto3.client(
    "cleanrooms",
    region_name="us-east-1",
    aws_access_key_id="answered",
    aws_secret_access_key="here",
)


def answer(request, **_):
    content = json.dumps(ANSWERS[request.url.split("/")[3].lower()]).encode()
    body = io.BytesIO(content)
    body.stream = lambda: iter([content])
    return AWSResponse(request.url, 200, {"Content-Type": "application/json"}, body)


client.meta.events.register("before-send", answer)
table = client.get_configured_table(configuredTableIdentifier=ID)["configuredTable"]
membership = client.get_membership(membershipIdentifier=ID)["membership"]
results = membership["defaultJobResultConfiguration"]["outputConfiguration"]["s3"]
version = boto3.__version__
print(f"{version}: table: {', '.join(table['tableReference'])}, job results: {', '.join(results)}")
try:
    client.create_configured_table(**{name: table[name] for name in TABLE})
    copy = "accepted"
except ParamValidationError as error:
    copy = str(error).splitlines()[1].partition(", must")[0]
print(f"{version}: copy of the table: {copy}")
PYTHON
python3 -m venv "$folder/older"
"$folder/older/bin/pip" install --quiet boto3==1.43.106 botocore==1.43.106
python3 -m venv "$folder/newer"
"$folder/newer/bin/pip" install --quiet boto3==1.44.8 botocore==1.44.8
for which in older newer; do
  "$folder/$which/bin/python" "$folder/seen.py"
done > "$folder/output"
cat "$folder/output"
diff - "$folder/output" <<'EXPECTED'
1.43.106: table: SDK_UNKNOWN_MEMBER, job results: bucket
1.43.106: copy of the table: Unknown parameter in tableReference: "SDK_UNKNOWN_MEMBER"
1.44.8: table: databricks, job results: resultFormat, bucket
1.44.8: copy of the table: accepted
EXPECTED
