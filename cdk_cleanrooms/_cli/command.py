"""The command `cdk-cleanrooms`."""

from __future__ import annotations

import os
import sys
from argparse import (
    REMAINDER,
    Action,
    ArgumentParser,
    ArgumentTypeError,
    Namespace,
    RawDescriptionHelpFormatter,
)
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import indent
from typing import TextIO

from .._core import checks
from .._core.types import ID_NAMESPACE_ASSOCIATION, MEMBERSHIP
from .aws import Aws, CommandError, OutputError, visible
from .cdk_cli import add_options, setting
from .discover import FORMATS, discover, discover_all, invitations
from .listing import BY_OPTION
from .stop import Stopped

NOTHING_FOUND = 3
_WIDENED = 3
_FAILED = 1
_INTERRUPTED = 130
_ALL = "all"
_STOPPED = 128  # to which a shell adds the number of the signal
_CAN_BE_RUN_AGAIN = "this command can be run again, and continues with what is not adopted yet."

_DISCOVER = "List existing resources, to adopt them into a stack."
_DISCOVER_EPILOG = """\
formats:
  table   a table to read: ID, name, one property, and the stack that created the resource
  json    a list of objects. Their keys are the names of the construct's arguments (for an
          ID namespace association: membership, id_namespace, name, description,
          manage_resource_policies, allow_use_as_dimension_column, tags, adopt), of its
          attributes (id_namespace_association_identifier, id_namespace_association_arn),
          and made_by_stack
  python  constructs that adopt the resources, to paste into the constructor of a stack
  id      only the IDs, one on each line

The tags of a resource name the stack that created it. These tags remain after the stack
has released the resource.

boto3 finds the credentials, the Region and the endpoint URL. AWS_REGION is used too.

exit status:
  0       resources were found
  1       AWS refuses or does not answer, or the name is not unique
  2       the usage is wrong
  3       nothing was found; the format json then prints an empty list
"""


_ADOPT = """\
Adopt the existing resources of constructs with adopt=….

The command synthesizes the app, determines for each construct whether its resource exists and
which stack manages it, prints a plan, and runs cdk import. It changes nothing unless every
line of the plan can be carried out. Options after -- are passed on to cdk deploy."""
_ADOPT_EPILOG = """\
plan:
  adopt            the resource exists and will be imported; the line shows its identifier
  create           the resource does not exist; the next deployment creates it
  already managed  the stack already manages the resource
  left out         the condition of the resource is false, so it is neither adopted nor created
  cannot           the line shows the reason, and what to do instead

exit status:
  0       the plan was carried out; with --dry-run, it can be carried out
  1       the plan was not carried out; standard error shows the reason
  2       the usage is wrong
"""

_REVIEW = """\
Say what the members of collaborations can learn, from the templates of an app.

The command reads the output of cdk synth, or one template in JSON, and writes a sheet in plain
sentences. With --against, it also compares it with an older one, and says of each change whether
more or less can be learned after it. It needs neither AWS nor Node.js."""
_REVIEW_EPILOG = """\
accepted changes:
  The file of --accepted is a JSON list of objects with identity, property, old, new (as in
  --format json), reason, and optionally date. A change is accepted if all of the first four are
  equal. The sheet still shows it, with the reason.

exit status:
  0       the sheet was written
  1       a file cannot be read or written; standard error names it
  2       the usage is wrong
  3       with --fail-on widening: a change widens what can be learned, turns logs off, or cannot be
          judged without a person, and is not accepted
"""


_EXPORT = """\
Print an app that adopts a collaboration: one Python file with a construct for each resource.

The command reads everything in the collaboration that this account can see and manage,
and what it uses of AWS Entity Resolution. It changes nothing. Before it ends, it synthesizes
the app and compares each resource with what it has read."""
_CONFIDENTIAL = (
    "descriptions, tags, ARNs of secrets and the text of analysis templates, which can be"
    " confidential"
)
_EXPORT_EPILOG = """\
The output contains descriptions, tags, ARNs of secrets and the text of analysis templates,
which can be confidential. The file of --save-plan contains the same.

exit status:
  0       the app declares everything
  1       nothing was printed; standard error shows the reason
  2       the usage is wrong
  3       the app was printed and lacks something; standard error and the file say what
"""

_LOCAL = """\
Use a local cloud instead of AWS, without an AWS account.

It checks what CloudFormation, Clean Rooms and Entity Resolution check, as far as AWS documents it.
Queries and jobs do not run. It was not compared with AWS."""
_LOCAL_EPILOG = """\
examples:
  cdk-cleanrooms local deploy ../my-app -- --all -c stage=test
  cdk-cleanrooms local shell
  cdk-cleanrooms local serve --port 4566
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: The arguments of the command. By default, the arguments of the process.

    Returns:
        The exit status: 0, 1 if there is no result, 3 if nothing was found, 130 if the user
        interrupted it.

    Raises:
        SystemExit: With status 2 if the usage is wrong, or with status 0 after the help is shown.
    """
    _open_standard_streams()
    options = _parsed(sys.argv[1:] if arguments is None else arguments)
    try:
        run: Callable[[Namespace], int] = options.run
        return run(options)
    except CommandError as error:
        _report(options, str(error))
        return _FAILED
    except OutputError as error:
        if not isinstance(error.__cause__, BrokenPipeError):
            _report(options, str(error))
        return _FAILED
    except KeyboardInterrupt:
        _silence(sys.stderr)  # hide the traceback of the interruption
        return _INTERRUPTED
    except Stopped as stopped:
        sys.stderr.write(f"{stopped}; {_CAN_BE_RUN_AGAIN}\n")
        sys.stderr.flush()
        return _STOPPED + stopped.number


def _parsed(arguments: Sequence[str]) -> Namespace:
    """Parse the arguments. What comes after `--` is for another program."""
    given = [*arguments]
    deploy_options: list[str] = []
    if given[:1] in (["adopt"], ["local"]) and "--" in given:
        end = given.index("--")
        given, deploy_options = given[:end], given[end + 1 :]
    parser = _parser()
    options, unknown = parser.parse_known_args(given)
    if unknown:
        is_deploying = given[:1] == ["adopt"] or given[:2] == ["local", "deploy"]
        hint = "; options of cdk deploy come after --" if is_deploying else ""
        parser.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
    options.deploy_options = deploy_options
    return options


def _open_standard_streams() -> None:
    """Replace the standard streams that the caller has closed."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            try:
                os.fstat(number)
            except OSError:
                os.open(os.devnull, os.O_RDWR)  # gets this number, so that no other file does
            setattr(sys, name, Path(os.devnull).open("r+", encoding="utf-8"))  # noqa: SIM115


def _discover(options: Namespace) -> int:
    kind = options.resource_type
    if kind is None:
        kind = (ID_NAMESPACE_ASSOCIATION if options.membership else MEMBERSHIP).option
    resource_type = BY_OPTION.get(kind)  # None for all types
    if not options.invitations and resource_type and resource_type.is_in_membership:
        if not options.membership:
            options.usage_error("the following arguments are required: --membership")
    elif options.membership and (options.invitations or resource_type):
        options.usage_error("--membership is only for resources that belong to a membership")
    if resource_type is None and options.name:
        options.usage_error("--name is only for one type of resources")
    aws = Aws(profile=options.profile, region=options.region)
    if options.invitations:
        result, nothing = invitations(options.format, aws)
    elif resource_type is None:
        result, nothing = discover_all(
            membership=options.membership, format=options.format, aws=aws
        )
    else:
        result, nothing = discover(
            resource_type,
            membership=options.membership,
            name=options.name,
            format=options.format,
            aws=aws,
        )
    _write(indent(result, " " * options.indent))
    if nothing:
        _report(options, nothing)
        return NOTHING_FOUND
    return 0


def _export(options: Namespace) -> int:
    from .export.exporting import export

    given = [
        name for name in ("collaboration", "membership", "plan") if vars(options)[name] is not None
    ]
    if len(given) != 1:
        options.usage_error("use exactly one of --collaboration, --membership and --plan")
    for name in ("save_plan", "profile", "region"):
        if options.plan is not None and vars(options)[name] is not None:
            option = name.replace("_", "-")
            options.usage_error(f"--{option} is for reading from AWS, and --plan reads nothing")

    def say(line: str) -> None:
        sys.stderr.write(f"cdk-cleanrooms export: {visible(line)}\n")

    is_whole = export(options, _write, say)
    if is_whole and sys.stderr.isatty():
        say("the code is whole: nothing in it differs from what was read")
    # People send plans to others, and a script that saves one has a log.
    if options.save_plan is not None:
        say(f"{options.save_plan} and the code contain {_CONFIDENTIAL}")
    elif sys.stderr.isatty():
        say(f"the code contains {_CONFIDENTIAL}")
    return 0 if is_whole else NOTHING_FOUND


def _adopt(options: Namespace) -> int:
    from .adopt import adopt

    profiles, regions = vars(options)["--profile"], vars(options)["--region"]
    options.aws_profile = profiles[-1] if profiles else setting("profile")
    region = regions[-1] if regions else setting("region")
    options.aws_region = region or os.environ.get("AWS_REGION") or None
    return adopt(options, _write)


def _local(options: Namespace) -> int:
    try:
        if options.action == "deploy":
            from ..local_cloud.deploy import deploy

            return deploy(options.apps or ["."], options.deploy_options)
        if options.action == "shell":
            from ..local_cloud.shell import shell

            return shell([*options.program, *options.deploy_options])
        from ..local_cloud.server import serve

        serve(options.port)
        return 0
    except ModuleNotFoundError as error:
        from ..local_cloud.errors import without_the_extra

        raise CommandError(without_the_extra(error)) from error
    except (OSError, RuntimeError) as error:
        raise CommandError(str(error)) from error


def _review(options: Namespace) -> int:
    from .._review.errors import ReviewError
    from .._review.review import review, write

    for name in ("fail_on", "accepted"):
        if getattr(options, name) is not None and options.against is None:
            options.usage_error(f"--{name.replace('_', '-')} needs --against")
    try:
        found = review(
            options.assembly,
            against=options.against,
            accepted=options.accepted,
            format=options.format,
        )
        if options.output is not None:
            write(options.output, found.text)
    except ReviewError as error:
        raise CommandError(str(error)) from error
    if options.output is None:
        _write(found.text)
    if options.fail_on is not None and found.stopping:
        for change in found.stopping:
            _report(options, f"{change.identity}: {change.property} ({change.effect.direction})")
        return _WIDENED
    return 0


def _write(text: str) -> None:
    # Characters that the output cannot encode are escaped as in Python.
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except OSError as error:
        _silence(sys.stdout)  # otherwise the interpreter fails again when it exits
        raise OutputError(f"cannot write to standard output: {error.strerror}") from error


def _report(options: Namespace, message: str) -> None:
    # Names from templates and answers must not become lines or commands of their own.
    sys.stderr.write(f"cdk-cleanrooms {options.command}: error: {visible(message)}\n")


def _silence(stream: TextIO) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class _Version(Action):
    """Print the version, which is read only when needed because this is slow."""

    def __init__(self, option_strings: Sequence[str], dest: str, **_: object) -> None:
        super().__init__(option_strings, dest, nargs=0, help="show the version and exit")

    def __call__(self, parser: ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"cdk-cleanrooms {version('cdk-cleanrooms')}\n")
        parser.exit()


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        "cdk-cleanrooms", description="Tools for the constructs of cdk-cleanrooms."
    )
    parser.add_argument("--version", action=_Version)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    _add_discover(
        commands.add_parser(
            "discover",
            help="list existing resources of a membership or an account",
            description=_DISCOVER,
            epilog=_DISCOVER_EPILOG,
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
    )
    _add_adopt(
        commands.add_parser(
            "adopt",
            help="adopt existing resources into the stacks of an app",
            description=_ADOPT,
            epilog=_ADOPT_EPILOG,
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
    )
    _add_export(
        commands.add_parser(
            "export",
            help="print an app that adopts a whole collaboration",
            description=_EXPORT,
            epilog=_EXPORT_EPILOG,
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
    )
    _add_local(
        commands.add_parser(
            "local",
            help="deploy to a local cloud instead of AWS",
            description=_LOCAL,
            epilog=_LOCAL_EPILOG,
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
    )
    _add_review(
        commands.add_parser(
            "review",
            help="say what the members of collaborations can learn, and what a change widens",
            description=_REVIEW,
            epilog=_REVIEW_EPILOG,
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
    )
    return parser


def _add_export(command: ArgumentParser) -> None:
    command.set_defaults(run=_export, usage_error=command.error)
    command.add_argument(
        "--collaboration",
        type=_collaboration,
        metavar="ID",
        help="the ID of the collaboration, which can belong to another account",
    )
    command.add_argument(
        "--membership",
        type=_membership,
        metavar="ID",
        help="the ID of this account's membership in the collaboration",
    )
    command.add_argument(
        "--output",
        metavar="DIR",
        help="write app.py, cdk.json, requirements.txt and long texts to a new folder, instead of"
        " one file to standard output",
    )
    command.add_argument(
        "--save-plan", metavar="FILE", help="keep what was read, as JSON, to print from it again"
    )
    command.add_argument(
        "--plan", metavar="FILE", help="print from this file, and read nothing from AWS"
    )
    command.add_argument(
        "--exclude",
        action="append",
        choices=BY_OPTION,
        default=[],
        metavar="TYPE",
        help=f"leave out a type of resources; can be repeated: {', '.join(BY_OPTION)}",
    )
    _add_aws(command)
    command.set_defaults(region=None)  # AWS_REGION is no reason to refuse --plan


def _add_local(command: ArgumentParser) -> None:
    command.set_defaults(run=_local)
    actions = command.add_subparsers(required=True, metavar="ACTION", dest="action")
    deploy = actions.add_parser(
        "deploy", help="run cdk deploy in a new local cloud, and list what it created"
    )
    deploy.add_argument(
        "apps",
        nargs="*",
        metavar="APP",
        help="the folder of the app, its cloud assembly or its Python file; by default, the current"
        " folder. Options of cdk deploy come after --",
    )
    shell = actions.add_parser(
        "shell", help="open a shell, or run a program, that uses a new local cloud"
    )
    shell.add_argument("program", nargs=REMAINDER, help="the program and its arguments")
    serve = actions.add_parser(
        "serve", help="print the URL of a new local cloud, and run it until a signal arrives"
    )
    serve.add_argument("--port", type=_port, default=0, help="the port; by default, a free one")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError(f"{text!r} is not a port, which is a number from 0 to 65535")
    return int(text)


def _add_review(command: ArgumentParser) -> None:
    command.set_defaults(run=_review, usage_error=command.error)
    command.add_argument(
        "assembly",
        type=Path,
        metavar="ASSEMBLY",
        help="the output folder of cdk synth, or one template in JSON",
    )
    command.add_argument(
        "--against",
        type=Path,
        metavar="OLD",
        help="an older folder or template, to compare it with",
    )
    command.add_argument(
        "--format",
        choices=("markdown", "html", "json"),
        default="markdown",
        help="markdown by default",
    )
    command.add_argument(
        "--output", type=Path, metavar="FILE", help="the file to write, instead of standard output"
    )
    command.add_argument(
        "--fail-on",
        choices=("widening",),
        help="exit with status 3 if a change widens what can be learned",
    )
    command.add_argument(
        "--accepted", type=Path, metavar="FILE", help="a JSON file of accepted changes"
    )


def _add_adopt(command: ArgumentParser) -> None:
    command.set_defaults(run=_adopt)
    command.add_argument(
        "stacks",
        nargs="*",
        metavar="STACK",
        help="IDs or patterns of stacks, as for the CDK CLI; by default, all that adopt resources",
    )
    command.add_argument("--dry-run", action="store_true", help="show the plan and stop")
    command.add_argument(
        "--deploy", action="store_true", help="continue with cdk deploy --revert-drift"
    )
    command.add_argument(
        "--allow-replacement",
        action="store_true",
        help="also adopt resources that the next deployment would replace",
    )
    command.add_argument(
        "--format", choices=("text", "json"), default="text", help="text by default"
    )
    command.add_argument("--cdk", metavar="PATH", help="the CDK CLI, instead of cdk on PATH")
    add_options(command)


def _add_discover(command: ArgumentParser) -> None:
    command.set_defaults(run=_discover, usage_error=command.error)
    command.add_argument(
        "--membership",
        type=_membership,
        metavar="ID",
        help="the ID of the membership, for resource types that belong to a membership",
    )
    command.add_argument(
        "--invitations",
        action="store_true",
        help="list collaborations that this account is invited to; --format python prints code that"
        " joins them",
    )
    command.add_argument(
        "--resource-type",
        choices=(*BY_OPTION, _ALL),
        metavar="TYPE",
        help=f"the type of resources: {', '.join(BY_OPTION)}, or {_ALL}; by default"
        f" {ID_NAMESPACE_ASSOCIATION.option} with --membership, and {MEMBERSHIP.option} without it",
    )
    command.add_argument(
        "--name", help="list only the resource with this name, which must be unique"
    )
    command.add_argument("--format", choices=FORMATS, default="table", help="table by default")
    command.add_argument(
        "--indent",
        type=int,
        default=0,
        metavar="N",
        help="indent each line by N spaces, for pasting code",
    )
    _add_aws(command)


def _add_aws(command: ArgumentParser) -> None:
    command.add_argument("--profile", help="the AWS profile, instead of AWS_PROFILE")
    command.add_argument(
        "--region",
        # The AWS CLI and the CDK read this variable, but boto3 does not.
        default=os.environ.get("AWS_REGION") or None,
        help="the AWS Region, instead of the configured one",
    )


_membership_rule = checks.identifier(
    "a membership", "membership", "aws cleanrooms list-memberships"
)


_collaboration_rule = checks.identifier(
    "a collaboration", "collaboration", "aws cleanrooms list-collaborations"
)


def _collaboration(text: str) -> str:
    for problem in _collaboration_rule("collaboration", text):
        raise ArgumentTypeError(problem.message)
    return text


def _membership(text: str) -> str:
    for problem in _membership_rule("membership", text):
        raise ArgumentTypeError(problem.message)
    return text
