"""The environment in which the CDK CLI and boto3 use only the local cloud."""

from __future__ import annotations

import os
from ipaddress import ip_address

ACCOUNT = "111122223333"
REGION = "us-east-1"

# Under this path the server answers questions about itself. No AWS service uses this path.
ABOUT = "/_local_cloud/"


# It only turns the CDK's own check of templates off, which takes seconds in each new process.
_HARMLESS = "CDK_VALIDATION"


def without_aws() -> dict[str, str]:
    """Return this process's environment without settings of AWS and the CDK, and without proxies.

    Nothing that remains can lead to a profile, to credentials or to another endpoint.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if name == _HARMLESS
        or not (name.startswith(("AWS_", "CDK_")) or name.lower().endswith("_proxy"))
    }


def settings(url: str, account: str, region: str, cdk_home: str) -> dict[str, str]:
    """Return the variables that make the CDK CLI and boto3 use an account of a local cloud."""
    return {
        # An access key of twelve digits is the account.
        "AWS_ACCESS_KEY_ID": account,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": region,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        # The account and the Region of stacks that take them from the CLI.
        "CDK_DEFAULT_ACCOUNT": account,
        "CDK_DEFAULT_REGION": region,
        # The CLI caches the accounts of access keys in this folder.
        "CDK_HOME": cdk_home,
        # These settings of the CLI could also be in ~/.cdk.json.
        "CDK_PROFILE": "",
        "CDK_PROXY": "",
        # Without these settings, the CLI would connect to the Internet.
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "true",
        "CDK_NOTICES": "false",
    }


def is_on_loopback(host: str) -> bool:
    """Return whether a host is this machine, without asking a name server."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
