"""Tests of where `cdk-cleanrooms adopt` finds the app, what it writes, and how it is stopped."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cdk_cleanrooms._cli import command, stop
from cdk_cleanrooms._cli.stop import Stoppable, Stopped
from tests.cli.conftest import Adopt, Assembly, Cdk, association
from tests.cli.fake_aws import DeployedStack, FakeAws


def test_the_plan_is_written_before_anything_changes(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))
    cdk.does(**{"import": "exit 1"})

    status, output, error = adopt("--format", "json")

    assert status == 1
    assert error.index("adopt            Stack/A") < error.index("Importing 1 resource")
    assert json.loads(output)["stacks"][0]["imported"] is False


@pytest.mark.parametrize("is_refused", [False, True])
def test_a_plan_that_cannot_be_written_is_not_carried_out(
    is_refused: bool,
    aws: FakeAws,
    assembly: Assembly,
    cdk: Cdk,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aws.has_association("a")
    if is_refused:
        aws.stacks["Stack"] = DeployedStack("ROLLBACK_COMPLETE")
    assembly.has_stack(association("a"))
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        status = command.main(["adopt"])
        monkeypatch.undo()

    error = capfd.readouterr().err
    assert status == 1
    assert ("No space left on device" in error) != is_refused
    assert ("in state ROLLBACK_COMPLETE" in error) == is_refused
    assert cdk.commands() == ["synth"]


def test_closed_standard_streams_are_no_error(
    aws: FakeAws, assembly: Assembly, cdk: Cdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)

    assert command.main(["adopt"]) == 0
    assert cdk.commands() == ["synth", "import Stack"]
    for stream in (sys.stdout, sys.stderr):
        stream.close()


def test_a_closed_descriptor_is_not_used_by_another_file() -> None:
    result = subprocess.run(
        [
            "/bin/sh",
            "-c",
            f"exec '{sys.executable}' -m cdk_cleanrooms adopt --cdk /nowhere >&- 2>&-",
        ],
        check=False,
    )
    assert result.returncode == 1


def test_a_closed_descriptor_is_opened_before_its_stream_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []

    def closed(_: int) -> None:
        raise OSError

    monkeypatch.setattr(sys, "stdin", None)
    with monkeypatch.context() as context:
        context.setattr(os, "fstat", closed)
        context.setattr(os, "open", lambda path, _: opened.append(path))
        with pytest.raises(SystemExit):
            command.main(["--version"])

    assert opened == [os.devnull]
    assert sys.stdin.read() == ""
    sys.stdin.close()


# The folder of the assembly


@pytest.mark.parametrize("where", ["option", "cdk.json", "environment"])
def test_the_output_folder_of_the_settings_is_used(
    where: str,
    aws: FakeAws,
    assembly: Assembly,
    adopt: Adopt,
    cdk: Cdk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))
    cdk.does(synth=f"mkdir -p build && cp -R '{cdk.folder}/prepared/.' build")
    settings = {"app": "python app.py", **({"output": "build"} if where == "cdk.json" else {})}
    (tmp_path / "cdk.json").write_text(json.dumps(settings))
    if where == "environment":
        monkeypatch.setenv("CDK_OUTPUT", "build")

    status, output, error = adopt("--dry-run", *(["-o", "build"] if where == "option" else []))

    assert (status, output[:5]) == (0, "adopt"), error
    assert ("--output" in cdk.calls()[0]) == (where == "option")


@pytest.mark.parametrize("where", ["cdk.json", "environment"])
def test_an_app_that_is_a_folder_is_not_synthesized(
    where: str,
    aws: FakeAws,
    assembly: Assembly,
    adopt: Adopt,
    cdk: Cdk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))
    if where == "cdk.json":
        (tmp_path / "cdk.json").write_text(json.dumps({"app": str(assembly.folder)}))
    else:
        monkeypatch.setenv("CDK_APP", str(assembly.folder))

    assert adopt("--dry-run").output.startswith("adopt")
    assert cdk.calls() == []


def test_an_app_that_names_the_usual_folder_itself_is_synthesized_there(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))
    cdk.does(synth=f"mkdir -p cdk.out && cp '{cdk.folder}/prepared/'* cdk.out; [ $# -eq 2 ]")

    status, output, error = adopt("--dry-run")

    assert (status, output[:5]) == (0, "adopt"), error
    assert [call.split()[:2] for call in cdk.calls()] == [["synth", "--quiet"]] * 2


@pytest.mark.parametrize("settings", [None, "{}", "[]"])
def test_a_folder_without_an_app_is_refused_before_credentials_are_needed(
    settings: str | None, adopt: Adopt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "cdk.json").unlink()
    if settings:
        (tmp_path / "cdk.json").write_text(settings)

    assert adopt().error == (
        "cdk-cleanrooms adopt: error: there is no app here: neither --app nor a cdk.json with"
        ' "app"; run this in the folder of the app, or use --app\n'
    )


def test_settings_that_cannot_be_read_are_left_to_the_cdk_cli(
    adopt: Adopt, cdk: Cdk, tmp_path: Path
) -> None:
    (tmp_path / "cdk.json").write_text("{")
    cdk.does(synth="exit 1")

    assert "cdk synth ended with status 1" in adopt().error


# Signals


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("number", "said"),
    [
        (signal.SIGTERM, "Stopped by SIGTERM"),
        (signal.SIGHUP, "Stopped by SIGHUP"),
        (signal.SIGINT, "Interrupted"),
    ],
)
def test_a_signal_ends_the_cdk_cli_first(number: int, said: str, cdk: Cdk, tmp_path: Path) -> None:
    cdk.does(
        synth=f"trap 'echo > {cdk.folder}/ended; exit 1' TERM HUP INT; echo > {cdk.folder}/started;"
        " while :; do sleep 0.1; done"
    )
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "cdk_cleanrooms", "adopt"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "TMPDIR": str(temporary)},
        # A job in the background of a script ignores SIGINT, and so would its children.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    while not (cdk.folder / "started").exists():
        assert process.poll() is None
        time.sleep(0.05)

    process.send_signal(number)  # to the command alone

    _, error = process.communicate(timeout=900)
    assert process.returncode == 128 + number
    assert (cdk.folder / "ended").exists()
    assert error.splitlines()[-1].startswith(f"{said}; this command can be run again")
    assert [*temporary.iterdir()] == []


_STOP = "kill -TERM $PPID; exec sleep 600"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, which is empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize(
    ("phase", "done", "known"),
    [
        ("synth", "", None),
        ("reading", "", None),
        ("plan", "", None),
        ("import", "", (None, False)),
        ("deploy", "imported         Stack  1 resource\n", (True, None)),
    ],
)
def test_a_signal_leaves_one_document_that_claims_only_what_is_known(
    phase: str,
    done: str,
    known: tuple[bool | None, bool | None] | None,
    format: str,
    aws: FakeAws,
    assembly: Assembly,
    adopt: Adopt,
    cdk: Cdk,
    temporary: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))
    stop = partial(os.kill, os.getpid(), signal.SIGTERM)
    if phase == "reading":
        monkeypatch.setattr(aws, "_list_id_namespace_associations", lambda _: stop(), raising=False)
    elif phase == "plan":
        monkeypatch.setattr("cdk_cleanrooms._cli.adopt._line_of", lambda _: stop())
    else:
        cdk.does(**{phase: _STOP})

    status, output, error = adopt("--deploy", "--format", format)

    assert status == 128 + signal.SIGTERM
    assert error.splitlines()[-1].startswith("Stopped by SIGTERM; this command can be run again")
    assert "Traceback" not in error
    assert [*temporary.iterdir()] == []
    if format == "text":
        assert [line for line in output.splitlines(keepends=True) if line[:5] != "adopt"] == (
            [done] if done else []
        )
        return
    document = json.loads(output)
    assert document["error"] == "Stopped by SIGTERM"
    stacks = document["stacks"]
    if known is None:
        assert [(one["imported"], one["deployed"]) for one in stacks] in ([], [(False, False)])
    else:
        assert [(one["imported"], one["deployed"]) for one in stacks] == [known]


def test_a_signal_during_the_removal_of_temporary_files_leaves_none(
    aws: FakeAws,
    assembly: Assembly,
    adopt: Adopt,
    cdk: Cdk,
    temporary: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))
    remove = shutil.rmtree

    def stop_and_remove(*arguments: Any, **more: Any) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        remove(*arguments, **more)

    monkeypatch.setattr(shutil, "rmtree", stop_and_remove)

    status, output, _ = adopt("--deploy", "--format", "json")

    assert status == 128 + signal.SIGTERM
    assert [*temporary.iterdir()] == []
    assert json.loads(output)["stacks"][0]["imported"] is True
    assert cdk.commands() == ["synth", "import Stack"]


def test_a_signal_during_the_creation_of_a_temporary_folder_leaves_none(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = os.mkdir

    def create_and_stop(*arguments: Any) -> None:
        create(*arguments)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(os, "mkdir", create_and_stop)
    with Stoppable() as stoppable, pytest.raises(Stopped), stoppable.temporary_folder():
        pytest.fail("It has stopped already.")
    assert [*temporary.iterdir()] == []


@pytest.mark.parametrize("command", ["synth", "import", "deploy"])
def test_json_is_one_document_also_after_a_failure(
    command: str, aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))
    cdk.does(**{command: "exit 1"})

    status, output, error = adopt("--deploy", "--format", "json")

    assert status == 1
    document = json.loads(output)
    assert error.endswith(f"error: {document['error']}\n")
    assert [(one["imported"], one["deployed"]) for one in document["stacks"]] == {
        "synth": [],
        "import": [(False, False)],
        "deploy": [(True, False)],
    }[command]


def test_a_signal_without_a_program_is_raised_once() -> None:
    with Stoppable(), pytest.raises(Stopped):
        os.kill(os.getpid(), signal.SIGTERM)
    stoppable = Stoppable()
    stoppable._stopped = signal.SIGHUP
    with stoppable:
        os.kill(os.getpid(), signal.SIGTERM)  # the first one counts


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Stoppable():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("has_terminal", [False, True])
@pytest.mark.parametrize("interrupts", [True, False])
def test_a_signal_reaches_the_program_with_and_without_a_terminal(
    has_terminal: bool, interrupts: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stop, "_has_terminal", lambda: has_terminal)
    stoppable = Stoppable()
    started, ended = tmp_path / "started", tmp_path / "ended"
    program = (
        "import pathlib, sys, time; started, ended = map(pathlib.Path, sys.argv[1:]);"
        "started.touch(); time.sleep(60); ended.touch()"
    )

    def stop_the_program() -> None:
        while not started.exists():
            time.sleep(0.01)
        if interrupts:
            os.kill(os.getpid(), signal.SIGTERM)
        else:  # the thread that waits for the program does not notice it
            signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

    threading.Thread(target=stop_the_program, daemon=True).start()
    with stoppable, pytest.raises(Stopped) as stopped:
        stoppable.run([sys.executable, "-c", program, str(started), str(ended)], stdout=2)
    assert stopped.value.number == signal.SIGTERM
    assert not ended.exists()


def test_a_signal_that_arrives_when_the_program_has_just_ended_is_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waitpid, kill_group = os.waitpid, os.killpg
    passed_on = threading.Event()

    def wait_and_stop(*arguments: int) -> tuple[int, int]:
        result = waitpid(*arguments)
        os.kill(os.getpid(), signal.SIGTERM)
        passed_on.wait()
        return result

    def pass_on(*arguments: int) -> None:
        passed_on.set()
        kill_group(*arguments)

    monkeypatch.setattr(stop, "_has_terminal", lambda: False)
    monkeypatch.setattr(os, "waitpid", wait_and_stop)
    monkeypatch.setattr(os, "killpg", pass_on)
    with Stoppable() as stoppable, pytest.raises(Stopped):
        stoppable.run(["true"], stdout=2)


@pytest.mark.parametrize("has_terminal", [False, True])
def test_a_signal_that_arrives_while_the_program_starts_reaches_it_too(
    has_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = subprocess.Popen

    def start_and_stop(*arguments: Any, **more: Any) -> Any:
        program = start(*arguments, **more)
        os.kill(os.getpid(), signal.SIGTERM)
        return program

    monkeypatch.setattr(stop, "_has_terminal", lambda: has_terminal)
    monkeypatch.setattr(subprocess, "Popen", start_and_stop)
    with Stoppable() as stoppable, pytest.raises(Stopped) as stopped:
        stoppable.run(["/bin/sh", "-c", "exec sleep 600"], stdout=2)
    assert stopped.value.number == signal.SIGTERM


def test_a_terminal_is_recognized(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", lambda *_: os.dup(2))
    assert stop._has_terminal()
    monkeypatch.undo()

    def no_terminal(*_: object) -> int:
        raise OSError

    monkeypatch.setattr(os, "open", no_terminal)
    assert not stop._has_terminal()
