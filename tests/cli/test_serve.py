"""`redescribe serve`."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.report import pages

from redescribe.serve.server import Server

if TYPE_CHECKING:
    from tests.cli.examples import CommandLine

ROOT = Path(__file__).parents[2]
# The front end may not be built where the tests run.
SCRIPT = """
import sys
from redescribe.report.front_end import FrontEnd
from redescribe.serve import content
content.built_front_end = lambda: FrontEnd("start();", "p {}")
from redescribe.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture(autouse=True)
def _front_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redescribe.serve.content.built_front_end", lambda: pages.FRONT_END)


def test_it_serves_until_ctrl_c(finished: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, "serve", str(finished), "--no-open"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            match = re.fullmatch(
                rf"{re.escape(str(finished))} is served at http://127.0.0.1:(\d+)(/\S+)\n",
                line,
            )
            assert match is not None, line
            connection = HTTPConnection("127.0.0.1", int(match[1]), timeout=30)
            connection.request("GET", match[2])
            assert connection.getresponse().status == 200
            connection.close()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[-1] == "Ended."
    assert "Traceback" not in err


def test_the_browser_is_opened_unless_it_is_not_wanted(
    cli: CommandLine, finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(Server, "run", Server.close)
    outcome = cli("serve", finished, "--token", "0123456789abcdef")
    assert outcome.status == 0
    assert outcome.out == f"{finished} is served at {opened[0]}\n"
    assert opened[0].endswith("/?token=0123456789abcdef")
    assert cli("serve", finished, "--no-open").status == 0
    assert len(opened) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--token", "short"], "A token must have 16 to 256"),
        (["--port", "70000"], "less than or equal to 65535"),
        (["--network", "nothing"], "There is no view 'nothing'"),
    ],
)
def test_bad_input_is_one_line(
    cli: CommandLine, finished: Path, arguments: list[str], message: str
) -> None:
    outcome = cli("serve", finished, "--no-open", *arguments)
    assert outcome.status == 2
    assert message in outcome.err


def test_a_missing_extra_says_how_to_install_it(finished: Path) -> None:
    script = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "from redescribe.cli.main import run\n"
        "sys.exit(run(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "serve", str(finished)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT / "src")},
    )
    assert done.returncode == 2
    assert done.stderr == (
        "Error: redescribe serve needs uvicorn. Run: pip install 'redescribe[serve]'\n"
    )
