"""The command `cdk-cleanrooms export`: from a collaboration in AWS to an app that adopts it."""
