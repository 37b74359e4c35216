"""Tests of `make local-shell` in a terminal, with start-up files that interfere with it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pexpect
import pytest

from tests.helpers import environment_without_make

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".venv"
# In an empty home folder, the CDK would be unpacked again.
UNPACKED = Path.home() / ".cache/aws/jsii/package-cache"
SECONDS = 900

START_UP = """\
mine() {{ echo "defined by $1"; }}
export AWS_PROFILE=production AWS_ENDPOINT_URL=https://aws.example AWS_ENDPOINT_URL_S3=$AWS_PROFILE
export PATH={wrong}:$PATH
PS1='mine> '
my_hook() {{ PATH={wrong}:$PATH PS1='mine> '; }}
"""
HOOK = {
    ".bashrc": "PROMPT_COMMAND=my_hook\n",
    ".zshrc": "precmd_functions=(my_hook)\nunsetopt prompt_sp zle\n",
}
SHELLS = {"bash": ".bashrc", "zsh": ".zshrc"}

every_shell = pytest.mark.parametrize(
    "shell",
    [
        pytest.param(
            name,
            marks=pytest.mark.skipif(not shutil.which(name), reason=f"{name} is not installed"),
        )
        for name in SHELLS
    ],
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder whose start-up files set other programs and other AWS settings."""
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    for name in ("cdk", "cdk-cleanrooms", "node", "python", "python3"):
        program = wrong / name
        program.write_text("#!/bin/sh\necho the wrong program >&2\nexit 1\n", "utf-8")
        program.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    for name, hook in HOOK.items():
        home.joinpath(name).write_text(START_UP.format(wrong=wrong) + hook, "utf-8")
    return home


def local_shell(shell: str, home: Path, *settings: str) -> pexpect.spawn:
    """Run `make local-shell` and wait for the first prompt."""
    # The test must not set up the virtual environment again, which other tests use.
    ready = [f"--assume-old={ENVIRONMENT.name}/{it}" for it in (".python-ready", ".cdk-ready")]
    terminal = pexpect.spawn(
        "make",
        [*ready, "local-shell", *settings],
        cwd=str(ROOT),
        env=environment_without_make()
        | {
            # The CDK's own validation takes seconds, and other tests include it.
            "CDK_VALIDATION": "false",
            "HOME": str(home),
            "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(UNPACKED),
            "SHELL": shutil.which(shell),
            "TERM": "dumb",
        },
        dimensions=(40, 300),
        encoding="utf-8",
        timeout=SECONDS,
    )
    terminal.expect_exact("This shell uses the local cloud")
    terminal.expect_exact("(local cloud) mine> ")
    return terminal


def answer(terminal: pexpect.spawn, command: str) -> str:
    """Type a command, and return its output."""
    terminal.sendline(command)
    terminal.expect_exact("(local cloud) mine> ")
    output: str = terminal.before
    return output.replace("\r", "").partition("\n")[2].strip()


APP = """\
from aws_cdk import App, CfnWaitConditionHandle, Stack

app = App()
CfnWaitConditionHandle(Stack(app, "Stack"), "Resource")
app.synth()
"""


@every_shell
def test_the_users_start_up_files_apply_but_neither_affect_the_local_cloud_nor_the_app_nor_the_exit(
    shell: str, home: Path, tmp_path: Path
) -> None:
    app = tmp_path / "another app"
    programs = app / ".venv" / "bin"
    programs.mkdir(parents=True)
    python = programs / "python3"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
    python.chmod(0o755)
    (app / "app.py").write_text(APP, "utf-8")
    (app / "cdk.json").write_text('{"app": "python3 app.py"}', "utf-8")

    terminal = local_shell(shell, home, f"APP={os.path.relpath(app, ROOT)}")

    assert answer(terminal, "pwd") == str(app)
    assert answer(terminal, "mine start-up") == "defined by start-up"
    # The programs of the app come first, and then those of this project.
    assert answer(terminal, "command -v python3") == str(python)
    for program in ("cdk", "cdk-cleanrooms", "node", "python"):
        found = answer(terminal, f"command -v {program}")
        assert Path(found).parent == ENVIRONMENT / "bin"
    settings = answer(terminal, "echo $AWS_ENDPOINT_URL $AWS_ENDPOINT_URL_S3 $AWS_PROFILE.")
    assert settings.startswith("http://127.0.0.1:")
    assert settings.endswith(" .")
    synth = "cdk synth --quiet --output ~/cdk.out && echo synthesized"
    assert answer(terminal, synth).endswith("synthesized")
    assert (home / "cdk.out" / "Stack.template.json").exists()

    # The exit status of the shell does not depend on the last command.
    answer(terminal, "false")
    terminal.sendline("exit")
    terminal.expect_exact(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    # The output contains the typed text and, in bash, bash's own message, but no message from make.
    assert {*terminal.before.split()} == {"exit"}
