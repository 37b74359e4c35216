"""The command `cdk-cleanrooms`."""
