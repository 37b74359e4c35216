"""Tests of the arguments of `cdk-cleanrooms local`. `tests/local_cloud` tests what it does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from cdk_cleanrooms._cli.command import main


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The arguments with which the functions of the local cloud are called."""
    seen: list[Any] = []

    def recorder(status: int) -> Callable[..., int]:
        return lambda *arguments: seen.append(arguments) or status  # type: ignore[func-returns-value]

    monkeypatch.setattr("cdk_cleanrooms.local_cloud.deploy.deploy", recorder(7))
    monkeypatch.setattr("cdk_cleanrooms.local_cloud.shell.shell", recorder(8))
    monkeypatch.setattr("cdk_cleanrooms.local_cloud.server.serve", recorder(9))
    return seen


@pytest.mark.parametrize(
    ("given", "apps", "options"),
    [
        ([], ["."], []),
        (["ours", "theirs"], ["ours", "theirs"], []),
        (["ours", "--", "--all", "-c", "a=b"], ["ours"], ["--all", "-c", "a=b"]),
        (["--", "Stack", "--", "x"], ["."], ["Stack", "--", "x"]),
    ],
)
def test_options_of_the_cli_follow_two_hyphens(
    calls: list[Any], given: list[str], apps: list[str], options: list[str]
) -> None:
    assert main(["local", "deploy", *given]) == 7
    assert calls == [(apps, options)]


@pytest.mark.parametrize(
    ("command", "is_told"),
    [(("local", "deploy"), True), (("adopt",), True), (("local", "serve"), False)],
)
def test_an_option_of_the_cli_without_two_hyphens_is_refused_with_the_remedy(
    calls: list[Any],
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
    is_told: bool,
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*command, "--concurrency=2"])
    assert (stopped.value.code, calls) == (2, [])
    told = capsys.readouterr().err
    assert "unrecognized arguments: --concurrency=2" in told
    assert ("; options of cdk deploy come after --" in told) is is_told


@pytest.mark.parametrize("given", [[], ["pytest", "-q"], ["--", "pytest", "-q"]])
def test_a_shell_can_run_a_program(calls: list[Any], given: list[str]) -> None:
    assert main(["local", "shell", *given]) == 8
    assert calls == [([one for one in given if one != "--"],)]


def test_a_server_takes_a_port(calls: list[Any]) -> None:
    assert main(["local", "serve", "--port", "4566"]) == 0
    assert calls == [(4566,)]


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_a_number_that_is_no_port_is_refused(
    calls: list[Any], capsys: pytest.CaptureFixture[str], port: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["local", "serve", f"--port={port}"])
    assert (stopped.value.code, calls) == (2, [])
    assert f"'{port}' is not a port, which is a number from 0 to 65535" in capsys.readouterr().err


def test_what_is_not_installed_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "cdk_cleanrooms.local_cloud.deploy", None)
    assert main(["local", "deploy"]) == 1
    assert "pip install 'cdk-cleanrooms[local]'" in capsys.readouterr().err


def test_a_failure_of_the_local_cloud_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> int:
        raise RuntimeError("The CDK CLI is too old.")

    monkeypatch.setattr("cdk_cleanrooms.local_cloud.deploy.deploy", fail)
    assert main(["local", "deploy"]) == 1
    error = capsys.readouterr().err
    assert error == "cdk-cleanrooms local: error: The CDK CLI is too old.\n"
