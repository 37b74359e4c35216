"""A shell that uses a local cloud instead of AWS.

For the sample app, the cloud contains an association that was created by hand.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote

from .cloud import LocalCloud
from .deploy import environment_of_app
from .listing import listing
from .programs import running

_PROMPT = "(local cloud) "

# Version managers and prompt themes change PATH and the prompt before each command. So this hook
# runs before each command too, after them.
_HOOK = """\
_local_cloud() {{
  PATH=$_local_cloud_path:${{PATH//"$_local_cloud_path:"/}}
  [[ $PS1 == {prompt}* ]] || PS1={prompt}$PS1
}}
_local_cloud_path={path}
unset HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy
"""

_BASHRC = """\
[[ ! -f ~/.bashrc ]] || . ~/.bashrc
unset "${{!AWS_@}}" "${{!CDK_@}}"
{settings}
if ((BASH_VERSINFO[0] > 5 || (BASH_VERSINFO[0] == 5 && BASH_VERSINFO[1] > 0))); then
  PROMPT_COMMAND+=(_local_cloud)
else
  PROMPT_COMMAND="${{PROMPT_COMMAND:+$PROMPT_COMMAND; }}_local_cloud"
fi
"""

# zsh always reads this file. It reads the next one only if it is interactive.
_ZSHENV = """\
ZDOTDIR={own_files}
[[ ! -f $ZDOTDIR/.zshenv ]] || . $ZDOTDIR/.zshenv
_local_cloud_own_files=$ZDOTDIR
ZDOTDIR={files}
unset -m 'AWS_*' 'CDK_*'
{settings}
_local_cloud
"""

_ZSHRC = """\
ZDOTDIR=$_local_cloud_own_files
# Some systems have already set the file for the history.
[[ $HISTFILE != {files}/* ]] || HISTFILE=$ZDOTDIR/${{HISTFILE:t}}
[[ ! -f $ZDOTDIR/.zshrc ]] || . $ZDOTDIR/.zshrc
unset -m 'AWS_*' 'CDK_*'
{settings}
precmd_functions+=(_local_cloud)
"""


def shell(command: Sequence[str]) -> int:
    """Run a command, or else the user's shell, in a local cloud, and return its exit status.

    An interactive shell ends with 0, whatever its last command did.
    """
    with LocalCloud() as cloud, tempfile.TemporaryDirectory(prefix="local-cloud-") as files:
        cloud.bootstrap()
        _make_by_hand(cloud)
        sys.stderr.write(
            f"{listing(cloud)}This shell uses the local cloud, which stops when the shell exits.\n"
        )
        # Ctrl-C is for programs in the shell. Unlike SIG_IGN, a handler is not inherited by them.
        signal.signal(signal.SIGINT, lambda *_: None)
        environment = _without_make(environment_of_app(cloud, Path.cwd()))
        if command:
            with running(command, own_group=not os.isatty(0), env=environment) as program:
                return program.wait()
        own_shell, more = _users_shell(environment, Path(files))
        status = subprocess.run(own_shell, env=environment | more).returncode
        return 0 if sys.stdin.isatty() else status


def _make_by_hand(cloud: LocalCloud) -> None:
    """Create the association of the sample app, but without tags and description.

    After its adoption, the deployment then has something to change. Nothing is created for another
    app, because it could conflict with the resources of that app.
    """
    app = Path("cdk.json")
    context = json.loads(app.read_text("utf-8")).get("context", {}) if app.exists() else {}
    if not {"membership", "id_namespace", "name"} <= context.keys():
        return
    cloud.client("cleanrooms").create_id_namespace_association(
        membershipIdentifier=context["membership"],
        name=context["name"],
        inputReferenceConfig={
            "inputReferenceArn": context["id_namespace"],
            "manageResourcePolicies": True,
        },
    )


def _without_make(environment: Mapping[str, str]) -> dict[str, str]:
    """Remove the variables that `make local-shell` sets for a `make` that it starts."""
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith("MAKE") and name != "MFLAGS"
    }


def _users_shell(environment: Mapping[str, str], files: Path) -> tuple[list[str], dict[str, str]]:
    """Return the command of the user's shell, and additional variables for its environment.

    The shell reads the user's start-up files as usual. After them, the local cloud's settings
    apply, and the folders that are first on PATH now are first again.
    """
    program = environment.get("SHELL", "/bin/sh")
    settings = _HOOK.format(prompt=quote(_PROMPT), path=quote(environment["PATH"])) + "\n".join(
        f"export {name}={quote(value)}"
        for name, value in environment.items()
        if name.startswith(("AWS_", "CDK_"))
    )
    match Path(program).name:
        case "bash":
            rc_file = files / "bashrc"
            rc_file.write_text(_BASHRC.format(settings=settings), "utf-8")
            return [program, "--rcfile", str(rc_file)], {}
        case "zsh":
            values = {
                "settings": settings,
                "files": quote(str(files)),
                "own_files": quote(os.environ.get("ZDOTDIR") or str(Path.home())),
            }
            files.joinpath(".zshenv").write_text(_ZSHENV.format(**values), "utf-8")
            files.joinpath(".zshrc").write_text(_ZSHRC.format(**values), "utf-8")
            return [program], {"ZDOTDIR": str(files)}
        case _:
            return [program], {"PS1": f"{_PROMPT}$ "}
