#!/bin/sh
# Adopts and deploys one stage of the assembly that `cdk synth` wrote to cdk.out.
#
# Usage: ./deploy.sh STAGE
set -eu
stage=$1

deploy="cdk deploy --app cdk.out $stage/Matching --require-approval never"

# Only a stage that adopts something has a resource mapping.
mapping=$(find "cdk.out/assembly-$stage" -name '*.import.json')
if [ -n "$mapping" ]; then
  # Resources that are already imported are skipped, so this can run each time. With --force, the
  # CLI leaves all other changes to the deployment, and does not prompt for them.
  cdk import --app cdk.out "$stage/Matching" --resource-mapping "$mapping" --force
  # CloudFormation does not compare imported resources with the template. --revert-drift does.
  deploy="$deploy --revert-drift"
fi

$deploy
