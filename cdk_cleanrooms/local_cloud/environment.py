"""The environment in which the CDK CLI and boto3 use only the local cloud."""

from __future__ import annotations

import os

ACCOUNT = "111122223333"
REGION = "us-east-1"

# Under this path the server answers questions about itself. No AWS service uses this path.
ABOUT = "/_local_cloud/"


def environment(endpoint: str, cdk_home: str) -> dict[str, str]:
    """Return this process's environment with local AWS settings, and without proxies."""
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "CDK_")) and not name.lower().endswith("_proxy")
    }
    return own | {
        # ministack uses an access key of twelve digits as the account.
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        # The CLI caches the accounts of access keys in this folder.
        "CDK_HOME": cdk_home,
        # Without these settings, the CLI would connect to the Internet.
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "true",
        "CDK_NOTICES": "false",
    }
