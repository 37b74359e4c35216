"""Where the local cloud is, and what points the CDK CLI and boto3 there and nowhere else."""

from __future__ import annotations

import os

ACCOUNT = "111122223333"
REGION = "us-east-1"

# Under this path the server tells of itself; no AWS service has it.
ABOUT = "/_local_cloud/"


def environment(endpoint: str, cdk_home: str) -> dict[str, str]:
    """This process's environment without its AWS settings and proxies, and with the local ones."""
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "CDK_")) and not name.lower().endswith("_proxy")
    }
    return own | {
        # ministack takes an access key of twelve digits for the account.
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        # The CLI keeps the accounts of access keys there.
        "CDK_HOME": cdk_home,
        # Nothing that the CLI asks of or tells to the Internet.
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "true",
        "CDK_NOTICES": "false",
    }
