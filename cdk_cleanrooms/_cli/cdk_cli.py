"""The CDK CLI, run without prompts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .aws import CommandError

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


class CdkCli:
    """The CDK CLI with the given options.

    Args:
        options: The options of `add_options`, and `cdk`, the path of the program or None.

    Raises:
        CommandError: If there is no such program.
    """

    def __init__(self, options: Namespace) -> None:
        given = vars(options)
        program = shutil.which(options.cdk or "cdk")
        if program is None:
            where = f"at {options.cdk}" if options.cdk else "on PATH"
            raise CommandError(
                f"there is no CDK CLI {where}; install it, for example with npm install --global"
                " aws-cdk@2, or use --cdk PATH"
            )
        self._program = program
        self._app: str | None = options.app
        self._output: str | None = options.output
        self._options: dict[str, list[str]] = {command: [] for command in _ALL}
        if not given["--require-approval"]:
            # Without an answer to its question, the CLI would end with status 0 and deploy nothing.
            self._options["deploy"] += ["--require-approval", "never"]
        for names, commands in _WITH_VALUE.items():
            for value in given[names[0]] or ():
                for command in commands:
                    self._options[command] += [names[0], value]
        for names, commands in _SWITCHES.items():
            for command in commands if given[names[0]] else ():
                self._options[command].append(names[0])

    @contextmanager
    def assembly(self) -> Iterator[Path]:
        """Synthesize the app, unless an assembly was given.

        Each run uses a new folder, so that concurrent runs do not interfere.

        Yields:
            The folder of the assembly.

        Raises:
            CommandError: If the synthesis fails.
        """
        if self._app and Path(self._app).is_dir():
            yield Path(self._app)
            return
        with tempfile.TemporaryDirectory(prefix="cdk-cleanrooms-") as folder:
            output = self._output or folder
            app = ["--app", self._app] if self._app else []
            status = self._run("synth", "--quiet", *app, "--output", output)
            if status:
                raise CommandError(
                    f"cdk synth ended with status {status}, so nothing was changed; its output"
                    " above shows the reason"
                )
            yield Path(output)

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
        with tempfile.TemporaryDirectory(prefix="cdk-cleanrooms-") as folder:
            file = Path(folder, "resource-mapping.json")
            file.write_text(json.dumps(mapping, indent=2), encoding="utf-8")
            # --force ignores other changes to the stack, and leaves them to `deploy`.
            return self._run(
                "import", stack, "--app", str(assembly), "--resource-mapping", str(file), "--force"
            )

    def deploy(self, assembly: Path, stack: str, *, exists: bool) -> int:
        """Deploy a stack, and correct differences between its resources and the template.

        Args:
            assembly: The folder of the assembly.
            stack: The ID of the stack.
            exists: Whether the stack was deployed before, so that it may have drifted.

        Returns:
            The exit status of the CDK CLI.
        """
        drift = ["--revert-drift"] if exists else []
        return self._run("deploy", stack, "--app", str(assembly), *drift)

    def _run(self, command: str, *arguments: str) -> int:
        # Only the result of `cdk-cleanrooms` goes to standard output.
        process = subprocess.run(
            [self._program, command, *arguments, *self._options[command]],
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            check=False,
        )
        return process.returncode
