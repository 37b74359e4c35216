"""The command `cdk-cleanrooms`."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import TextIO

from .._core import rules
from .discover import FORMATS, DiscoveryError, discover

_DESCRIPTION = "List the ID namespace associations of a membership, to adopt them into a stack."
_EPILOG = """\
formats:
  table   ID, name and ID namespace, for reading
  json    a list of objects with all that there is to declare; their keys are names of
          IdNamespaceAssociation's arguments (membership, id_namespace, name, description,
          manage_resource_policies, allow_use_as_dimension_column, tags) and of its attributes
          (id_namespace_association_identifier, id_namespace_association_arn)
  python  constructs to paste into the constructor of a stack, which adopt the associations
  id      the IDs alone, each on a line

Credentials, Region and endpoint URL are those that boto3 finds; AWS_REGION counts as well.
The exit status is 0, or 1 if nothing was found or AWS refused, or 2 if the usage is wrong.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Its arguments. Those of the process by default.

    Returns:
        The exit status: 0, 1 if there is no result, 130 if the user interrupted it.

    Raises:
        SystemExit: If the usage is wrong, with status 2, or after the help, with 0.
    """
    options = _parser().parse_args(arguments)
    try:
        result = discover(**vars(options))
        # What the terminal or file cannot encode is escaped, also as Python would write it.
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(result.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except DiscoveryError as error:
        sys.stderr.write(f"cdk-cleanrooms discover: error: {error}\n")
        return 1
    except BrokenPipeError:
        _silence(sys.stdout)  # the interpreter would stumble over the rest as it exits
        return 1
    except KeyboardInterrupt:
        _silence(sys.stderr)  # the CDK's process is interrupted too, and would complain
        return 130
    return 0


def _silence(stream: TextIO) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _parser() -> ArgumentParser:
    parser = ArgumentParser("cdk-cleanrooms", description="Help with constructs of cdk-cleanrooms.")
    command = parser.add_subparsers(required=True, metavar="COMMAND").add_parser(
        "discover",
        help="list the ID namespace associations of a membership",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_argument(
        "--membership", required=True, type=_membership, metavar="ID", help="the membership's ID"
    )
    command.add_argument("--name", help="only the association of this name; it has to be one")
    command.add_argument("--format", choices=FORMATS, default="table", help="table by default")
    command.add_argument("--profile", help="the AWS profile, instead of AWS_PROFILE")
    command.add_argument(
        "--region",
        # The AWS CLI and the CDK read this variable, boto3 does not.
        default=os.environ.get("AWS_REGION") or None,
        help="the AWS Region, instead of the configured one",
    )
    return parser


def _membership(text: str) -> str:
    for problem in rules.membership_identifier("membership", text):
        raise ArgumentTypeError(problem.message)
    return text
