"""The CDK CLI, run without prompts."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from .aws import CommandError
from .stop import Stoppable

_USUAL_OUTPUT = Path("cdk.out")

# The options of the CDK CLI with a value, and the commands that support them.
_ALL = ("synth", "import", "deploy")
_CHANGES = ("import", "deploy")
_WITH_VALUE = {
    ("--build",): ("synth",),
    ("--ca-bundle-path",): _ALL,
    ("--context", "-c"): _ALL,
    ("--notification-arns",): ("deploy",),
    ("--parameters",): ("deploy",),
    ("--plugin", "-p"): _ALL,
    ("--profile",): _ALL,
    ("--progress",): ("deploy",),
    ("--proxy",): _ALL,
    ("--region",): _ALL,
    ("--require-approval",): ("deploy",),
    ("--role-arn", "-r"): _ALL,
    ("--tags", "-t"): ("deploy",),
    ("--toolkit-stack-name",): _CHANGES,
}
_SWITCHES = {
    ("--ci",): _CHANGES,
    ("--debug",): _ALL,
    ("--ec2creds", "-i"): _ALL,
    ("--exclusively", "-e"): ("deploy",),
    ("--ignore-errors",): _ALL,
    ("--lookups",): _ALL,
    ("--no-lookups",): _ALL,
    ("--no-color",): _ALL,
    ("--no-notices",): _ALL,
    ("--no-rollback",): ("deploy",),
    ("--no-version-reporting",): _ALL,
    ("--strict",): _ALL,
    ("--trace",): _ALL,
    ("--verbose", "-v"): _ALL,
}


def add_options(parser: ArgumentParser) -> None:
    """Add the options of the CDK CLI that are passed on to it.

    Args:
        parser: The parser of a command.
    """
    group = parser.add_argument_group(
        "options of the CDK CLI",
        "Each is passed on to the commands of the CDK CLI to which it applies.",
    )
    group.add_argument(
        "--app", "-a", help="the command that runs the app, or a folder with a cloud assembly"
    )
    group.add_argument("--output", "-o", help="the folder to synthesize to; it is not deleted")
    for names in _WITH_VALUE:
        group.add_argument(*names, dest=names[0], action="append", metavar="VALUE")
    for names in _SWITCHES:
        group.add_argument(*names, dest=names[0], action="store_true")
    group.add_argument("--all", action="store_true", help="all stacks of the app")
    group.add_argument(
        "--outputs-file", "-O", metavar="FILE", help="the file for the outputs of all stacks"
    )


def setting(name: str) -> str | None:
    """Return a setting of the CDK CLI that is not an option, so that both use the same value.

    Args:
        name: The name of the setting.
    """
    # An empty variable hides what the files say.
    if (value := os.environ.get(f"CDK_{name.upper()}")) is not None:
        return value or None
    for file in _settings():
        with suppress(OSError, ValueError, AttributeError):
            found: str | None = json.loads(file.read_text("utf-8")).get(name)
            if found:
                return found
    return None


def _settings() -> tuple[Path, ...]:
    return (Path("cdk.json"), Path.home() / ".cdk.json")


def _has_broken_settings() -> bool:
    for file in _settings():
        try:
            json.loads(file.read_text("utf-8"))
        except ValueError:
            return True
        except OSError:
            continue
    return False


class CdkCli:
    """The CDK CLI with the given options.

    Args:
        options: The options of `add_options` and of `adopt`. Among them are `cdk`, the path of the
            program or None, and `deploy_options`, further options for `cdk deploy`.
        stoppable: What runs the program.

    Attributes:
        deploys_all: Whether all stacks are deployed.
        deploys_exclusively: Whether the stacks that a stack depends on are not deployed.
        executes: Whether a deployment changes the stack, and not only prepares a change set.
        keeps_parameters: Whether a deployment keeps the values of the parameters.
        reverts_drift: Whether a deployment corrects what differs from the template.

    Raises:
        CommandError: If there is no such program or no app, or if the outputs cannot be written.
    """

    def __init__(self, options: Namespace, stoppable: Stoppable) -> None:
        given = vars(options)
        program = shutil.which(options.cdk or "cdk")
        if program is None:
            where = f"at {options.cdk}" if options.cdk else "on PATH"
            raise CommandError(
                f"there is no CDK CLI {where}; install it, for example with npm install --global"
                " aws-cdk@2, or use --cdk PATH"
            )
        self._program = program
        self._stoppable = stoppable
        self._app: str | None = options.app or setting("app")
        if self._app is None and not _has_broken_settings():
            raise CommandError(
                'there is no app here: neither --app nor a cdk.json with "app"; run this in the'
                " folder of the app, or use --app"
            )
        self._own_app: list[str] = ["--app", options.app] if options.app else []
        self._own_output: str | None = options.output
        self._output: str | None = options.output or setting("output")
        more = _DeployOptions(options.deploy_options)
        self._outputs_file: str | None = (
            more.outputs_file or options.outputs_file or os.environ.get("CDK_OUTPUTS_FILE")
        )
        if self._outputs_file is not None and options.deploy:
            _check_file(Path(self._outputs_file))
        self._outputs: dict[str, Any] = {}
        self.deploys_all: bool = options.all or more.all
        self.deploys_exclusively: bool = given["--exclusively"] or more.exclusively
        self.keeps_parameters: bool = not given["--parameters"] and more.keeps_parameters
        self.reverts_drift: bool = not more.keeps_drift
        self.executes: bool = more.executes
        # With the CLI's own name, a run would wait forever for the end of a change set that another
        # run has created meanwhile.
        self._change_set = ["--change-set-name", f"cdk-cleanrooms-{uuid4()}"]
        self._names_change_set = more.names_change_set
        self._options: dict[str, list[str]] = {command: [] for command in _ALL}
        if not (given["--require-approval"] or more.has_approval):
            # Without an answer to its question, the CLI would end with status 0 and deploy nothing.
            self._options["deploy"] += ["--require-approval", "never"]
        app, deploying = [*self._own_app], list[str]()
        for names, commands in _WITH_VALUE.items():
            for value in given[names[0]] or ():
                # A value that begins with a hyphen would be taken for another option.
                option = [f"{names[0]}={value}"] if value.startswith("-") else [names[0], value]
                for command in commands:
                    self._options[command] += option
                (app if "synth" in commands else deploying).extend(option)
        for names, commands in _SWITCHES.items():
            for command in commands if given[names[0]] else ():
                self._options[command].append(names[0])
        self._options["deploy"] += more.left
        app += ["--ec2creds"] if given["--ec2creds"] else []
        replacement = ["--allow-replacement"] if options.allow_replacement else []
        other = ["--cdk", options.cdk] if options.cdk else []
        # What keeps this run from changing something is not repeated.
        is_repeated = more.left and more.executes and not more.keeps_drift
        left = ["--", *more.left] if is_repeated else []
        own = [*app, *deploying, *replacement, *other, *left]
        self._advised = {
            "cdk": (options.cdk or "cdk", app),
            "cdk deploy": (options.cdk or "cdk", [*app, *deploying]),
            "cdk-cleanrooms": ("cdk-cleanrooms", own),
        }

    def advised(self, program: str, *arguments: str) -> str:
        """Return a command that a message tells the user to run.

        It repeats the options that choose the app and the account, and those of a deployment if it
        deploys. Without the same context, for example, the app would not be the same.

        Args:
            program: `cdk` or `cdk-cleanrooms`.
            arguments: Its other arguments.
        """
        key = "cdk deploy" if (program, arguments[0]) == ("cdk", "deploy") else program
        name, options = self._advised[key]
        return shlex.join([name, *arguments, *options])

    @contextmanager
    def assembly(self) -> Iterator[Path]:
        """Synthesize the app, unless an assembly was given.

        If nobody has chosen the output folder, each run uses a new one, so that concurrent runs do
        not interfere.

        Yields:
            The folder of the assembly.

        Raises:
            CommandError: If the synthesis fails.
        """
        if self._app and Path(self._app).is_dir():
            yield Path(self._app)
        elif self._output:
            given = ["--output", self._own_output] if self._own_output else []
            self._check(self._synthesize(*given))
            yield Path(self._output)
        else:
            with self._stoppable.temporary_folder() as folder:
                before = _time_of(_USUAL_OUTPUT)
                status = self._synthesize("--output", str(folder))
                if _time_of(folder) is not None or _time_of(_USUAL_OUTPUT) == before:
                    self._check(status)
                    yield folder
                    return
            # The app names the usual folder itself, as in `App(outdir="cdk.out")`.
            self._check(self._synthesize())
            yield _USUAL_OUTPUT

    def _synthesize(self, *arguments: str) -> int:
        return self._run("synth", "--quiet", *self._own_app, *arguments)

    def _check(self, status: int) -> None:
        if status:
            raise CommandError(
                f"cdk synth ended with status {status}, so nothing was changed; its output above"
                " shows the reason"
            )

    def import_resources(
        self, assembly: Path, stack: str, mapping: Mapping[str, Mapping[str, str]]
    ) -> int:
        """Import resources into a stack.

        Args:
            assembly: The folder of the assembly.
            stack: The ID of the stack.
            mapping: The primary identifiers by logical ID.

        Returns:
            The exit status of the CDK CLI.
        """
        with self._stoppable.temporary_folder() as folder:
            file = folder / "resource-mapping.json"
            file.write_text(json.dumps(mapping, indent=2), encoding="utf-8")
            command = ["import", stack, "--app", str(assembly), "--resource-mapping", str(file)]
            # --force ignores other changes to the stack, and leaves them to `deploy`.
            return self._run(*command, *self._change_set, "--force")

    def deploy(self, assembly: Path, stack: str, *, exists: bool) -> int:
        """Deploy a stack alone, and correct differences between its resources and the template.

        Args:
            assembly: The folder of the assembly.
            stack: The ID of the stack.
            exists: Whether the stack was deployed before, so that it may have drifted.

        Returns:
            The exit status of the CDK CLI.
        """
        change_set = [] if self._names_change_set else self._change_set
        drift = ["--revert-drift"] if exists and self.reverts_drift else []
        options = [*change_set, "--exclusively", *drift]
        command = ["deploy", stack, "--app", str(assembly), *options]
        if self._outputs_file is None:
            return self._run(*command)
        # The CLI overwrites the file in each deployment.
        with self._stoppable.temporary_folder() as folder:
            file = folder / "outputs.json"
            status = self._run(*command, "--outputs-file", str(file))
            if file.exists():
                self._outputs.update(json.loads(file.read_text("utf-8")))
                text = json.dumps(self._outputs, indent=2)
                Path(self._outputs_file).write_text(f"{text}\n", encoding="utf-8")
        return status

    def _run(self, command: str, *arguments: str) -> int:
        # Only the result of `cdk-cleanrooms` goes to standard output.
        return self._stoppable.run(
            [self._program, command, *arguments, *self._options[command]],
            stdout=sys.stderr.fileno(),
        )


class _DeployOptions:
    """The options after `--`, of which some mean something for this command."""

    def __init__(self, options: Sequence[str]) -> None:
        known = ArgumentParser(add_help=False, allow_abbrev=False)
        known.add_argument("--all", action="store_true")
        known.add_argument("--exclusively", "-e", action="store_true")
        known.add_argument("--outputs-file", "-O")
        known.add_argument("--revert-drift", action="store_true")
        given, self.left = known.parse_known_args([*options])
        self.all: bool = given.all
        self.exclusively: bool = given.exclusively
        self.outputs_file: str | None = given.outputs_file
        names = {option.partition("=")[0] for option in self.left}
        self.has_approval = "--require-approval" in names
        # The CDK CLI accepts its options in camel case, too.
        self.keeps_parameters = not any(
            re.match("--(no-)?(previous-?)?parameters", name, re.IGNORECASE) for name in names
        ) and {*os.environ}.isdisjoint(("CDK_PARAMETERS", "CDK_PREVIOUS_PARAMETERS"))
        method = ArgumentParser(add_help=False, allow_abbrev=False)
        method.add_argument("--method", "-m", default=os.environ.get("CDK_METHOD"))
        chosen = method.parse_known_args(self.left)[0].method
        self.executes = not (
            chosen == "prepare-change-set"
            or "--no-execute" in names
            or "--execute=false" in self.left
        )
        # These do not accept --revert-drift.
        uses_none = chosen in ("direct", "execute-change-set")
        self.keeps_drift = (
            uses_none or "--no-revert-drift" in names or "--revert-drift=false" in self.left
        )
        # A change set that is only prepared is later executed by its usual name.
        self.names_change_set = uses_none or not self.executes or "--change-set-name" in names


def _check_file(file: Path) -> None:
    """Make the folder of a file, as the CDK CLI does, and check that the file can be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        is_new = not file.exists()
        file.open("a").close()
        if is_new:
            file.unlink()
    except OSError as error:
        raise CommandError(f"cannot write {file}: {error.strerror}") from error


def _time_of(folder: Path) -> int | None:
    """Return when the assembly in a folder was written, or None if there is none."""
    try:
        return (folder / "manifest.json").stat().st_mtime_ns
    except OSError:
        return None
