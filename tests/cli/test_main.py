"""The parser: version, help, and the exit status of every way out."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import typer

from redescribe import __version__
from redescribe.cli import main
from redescribe.store import results

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine

COMMANDS = (
    *("demo", "inspect", "mine", "status", "merge", "show", "explain", "cohorts"),
    *("apply", "export", "import", "config", "layers", "capture"),
)


def test_version(cli: CommandLine) -> None:
    outcome = cli("--version")
    assert (outcome.status, outcome.out) == (0, f"redescribe {__version__}\n")


def test_help_lists_the_commands(cli: CommandLine) -> None:
    outcome = cli("--help")
    assert outcome.status == 0
    for command in COMMANDS:
        assert f" {command} " in outcome.out


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(cli: CommandLine, command: str) -> None:
    outcome = cli(command, "--help")
    assert outcome.status == 0
    assert f"redescribe {command}" in outcome.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_a_terminal_of_80_columns(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = cli(command, "--help").out
    assert max(map(len, shown.splitlines())) <= 80
    cut = re.findall(r"--[a-z-]+…", shown)
    assert set(cut) <= {"--keep-equal-suppo…", "--no-keep-equal-…"}


def test_paragraphs_of_help_are_as_wide_as_the_terminal(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    first, *_ = re.findall(r"^ Each FILE.*?^ *$", cli("mine", "--help").out, re.M | re.S)
    assert [len(line.rstrip()) > 60 for line in first.splitlines()][:2] == [True, True]


def test_help_shows_brackets_as_they_are_written(cli: CommandLine) -> None:
    assert "[views.NAME]" in cli("capture", "--help").out
    assert "[flint]" in cli("flint", "train", "--help").out


def test_a_mistyped_command_is_told_with_what_was_meant(cli: CommandLine) -> None:
    error = cli("mien").err
    assert "Did you mean 'mine'? See: redescribe --help" in " ".join(error.split())


def test_no_command_shows_help_and_is_wrong_usage(cli: CommandLine) -> None:
    outcome = cli()
    assert outcome.status == 2
    assert "Usage: redescribe" in outcome.out
    assert "Error" not in outcome.err


@pytest.mark.parametrize("way_out", [KeyboardInterrupt, typer.Abort])
def test_an_interrupt_is_130_and_says_how_to_go_on(
    cli: CommandLine,
    finished: Path,
    monkeypatch: pytest.MonkeyPatch,
    way_out: type[BaseException],
) -> None:
    def interrupt(path: object) -> None:
        raise way_out

    monkeypatch.setattr(results, "load", interrupt)
    outcome = cli("show", finished)
    assert outcome.status == 130
    assert "Finished parts are kept: the same command takes them up." in outcome.err


def test_a_closed_pipe_is_no_error(
    cli: CommandLine, finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def close(path: object) -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    # typer puts other streams in their place, which must not outlive the test.
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    monkeypatch.setattr(sys, "stderr", sys.stderr)
    monkeypatch.setattr(results, "load", close)
    assert main.run(["show", str(finished)]) == 0


def test_a_bug_is_an_exception(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(results, "load", fail)
    with pytest.raises(ZeroDivisionError):
        main.run(["show", str(finished)])


def test_the_module_is_the_command(finished: Path) -> None:
    command = [sys.executable, "-m", "redescribe", "explain"]
    missing = subprocess.run(
        [*command, finished, "R0"], capture_output=True, text=True, check=False
    )
    assert missing.returncode == 2
    assert missing.stderr.startswith("Error: The run has no finding 'R0'.")
    assert missing.stdout == ""


@pytest.mark.skipif(os.name != "posix", reason="head and pipes of posix")
def test_head_may_stop_reading(finished: Path) -> None:
    command = [sys.executable, "-m", "redescribe", "export", str(finished)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(60) == 0
