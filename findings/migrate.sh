#!/bin/sh
# A guess about the engine of `cdk migrate` that is wrong. Seen with cdk-from-cfn 0.336.0 (npm) on
# Node.js 20 on 2026-11-29. The command `cdk migrate` of aws-cdk 2.1148.1 gives the same messages.
#
# Guess: it converts a template with any resource type of which the CDK has an L1, because both come
#    from the schemas of CloudFormation.
# Seen: it converts a configured table. For an ID namespace association it names a required property
#    as invalid, and for a collaboration an optional one, although both are in the L1s and in the
#    schemas. Then it writes nothing at all, whatever else is in the template. Output:
#        ConfiguredTable: converted
#        IdNamespaceAssociation: Name is not a valid property
#        Collaboration: CreatorMLMemberAbilities is not a valid property
#
# The script exits with another status than 0 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" cdk-from-cfn@0.336.0 > /dev/null
cat > "$folder/seen.js" <<'JAVASCRIPT'
const { transmute } = require("cdk-from-cfn");

const RESOURCES = {
  ConfiguredTable: {
    Name: "orders",
    AllowedColumns: ["id"],
    AnalysisMethod: "DIRECT_QUERY",
    TableReference: { Glue: { DatabaseName: "crm", TableName: "orders" } },
  },
  IdNamespaceAssociation: {
    Name: "customers",
    MembershipIdentifier: "a1b2c3d4-5678-90ab-cdef-111111111111",
    InputReferenceConfig: {
      InputReferenceArn: "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers",
      ManageResourcePolicies: true,
    },
  },
  Collaboration: {
    Name: "overlap",
    Description: "Whom we share",
    CreatorDisplayName: "We",
    CreatorMemberAbilities: ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
    CreatorMLMemberAbilities: { CustomMLMemberAbilities: ["CAN_RECEIVE_MODEL_OUTPUT"] },
    Members: [],
    QueryLogStatus: "ENABLED",
  },
};
for (const [name, properties] of Object.entries(RESOURCES)) {
  const resource = { Type: `AWS::CleanRooms::${name}`, Properties: properties };
  let seen = "converted";
  try {
    transmute(JSON.stringify({ Resources: { Ours: resource } }), "python", "Ours", "stack");
  } catch (error) {
    seen = String(error.message ?? error).split(" for resource ")[0];
  }
  console.log(`${name}: ${seen}`);
}
JAVASCRIPT
node "$folder/seen.js" > "$folder/output"
cat "$folder/output"
printf '%s\n' "ConfiguredTable: converted" "IdNamespaceAssociation: Name is not a valid property" \
  "Collaboration: CreatorMLMemberAbilities is not a valid property" | cmp - "$folder/output"
