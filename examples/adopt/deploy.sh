#!/bin/sh
# Deploys one stage of the assembly that `cdk synth` wrote to cdk.out, and adopts what it declares.
#
# Usage: ./deploy.sh STAGE
set -eu
stage=$1

deploy="cdk deploy --app cdk.out $stage/Matching --require-approval never"

# Only a stage that adopts something has a resource mapping.
mapping=$(find "cdk.out/assembly-$stage" -name '*.import.json')
if [ -n "$mapping" ]; then
  # What is imported already is left alone, so this can run each time. All other changes wait for
  # the deployment. Without --force the CLI would ask about them.
  cdk import --app cdk.out "$stage/Matching" --resource-mapping "$mapping" --force
  # CloudFormation does not compare what it imports with the template; this deployment does.
  deploy="$deploy --revert-drift"
fi

$deploy
