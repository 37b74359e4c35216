#!/bin/sh
# Deploys one stage of the assembly that `cdk synth` left in cdk.out, adopting what it is to adopt.
#
# Usage: ./deploy.sh STAGE
set -eu
stage=$1

# Only where the stage adopts something.
mapping=$(find "cdk.out/assembly-$stage" -name '*.import.json')
if [ -n "$mapping" ]; then
  # What is imported already is left alone, so this can run each time. All other changes wait for
  # the deployment; without --force the CLI would ask about them.
  cdk import --app cdk.out "$stage/Matching" --resource-mapping "$mapping" --force
fi

cdk deploy --app cdk.out "$stage/Matching" --require-approval never
