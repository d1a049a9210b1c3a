"""Builds the distributions, installs the wheel in a clean environment, runs the demo.

`make release-check` runs it, for some minutes. It needs the built front end (`make web`)
and a package index. All but `dist/` is in a temporary folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import time
import venv
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from redescribe import __version__

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
ASSETS = ("report.js", "report.css", "summary.css")
IN_SDIST = ("CITATION.cff", "CONTRIBUTING.md", "SECURITY.md", "constraints.txt", "LICENSE")
TIMEOUT = 1800


def main() -> None:
    """Check everything, and say what was done."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        sdist, wheel = built(place / "build")
        check_contents(sdist, wheel)
        check_rebuilt(place, sdist, wheel)
        check_demo(place, wheel)


def built(environment: Path) -> tuple[Path, Path]:
    """Build into dist/, with a hatchling of its own."""
    python = made(environment, "hatchling")
    for old in DIST.glob("redescribe-*"):
        old.unlink()
    run(python, "-m", "hatchling", "build", "--directory", str(DIST), where=ROOT)
    (sdist,), (wheel,) = DIST.glob("*.tar.gz"), DIST.glob("*.whl")
    for path in (sdist, wheel):
        assert f"redescribe-{__version__}" in path.name, path
        say(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")
    return sdist, wheel


def check_contents(sdist: Path, wheel: Path) -> None:
    """The front end is in both, the licence too; nothing of the machine is."""
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    assert {f"redescribe/report/assets/{name}" for name in ASSETS} <= inside
    assert "redescribe/py.typed" in inside
    assert any(name.endswith("licenses/LICENSE") for name in inside)
    strange = [n for n in inside if not n.startswith(("redescribe/", "redescribe-"))]
    assert strange == []
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"src/redescribe/report/assets/{name}" for name in ASSETS} <= names
    assert set(IN_SDIST) <= names
    assert not [n for n in names if "node_modules" in n or "__pycache__" in n]
    say(f"wheel: {len(inside)} files; sdist: {len(names)} files; front end in both")


def check_rebuilt(place: Path, sdist: Path, wheel: Path) -> None:
    """A wheel that is built from the sdist, without Node, is the same."""
    with tarfile.open(sdist) as archive:
        archive.extractall(place, filter="data")
    source = place / sdist.name.removesuffix(".tar.gz")
    python = place / "build" / "bin" / "python"
    run(python, "-m", "hatchling", "build", "--target", "wheel", where=source)
    (again,) = (source / "dist").glob("*.whl")
    with zipfile.ZipFile(again) as one, zipfile.ZipFile(wheel) as other:
        sums = [{i.filename: i.CRC for i in archive.infolist()} for archive in (one, other)]
    assert sums[0] == sums[1]
    say("a wheel from the sdist has the same files")


def check_demo(place: Path, wheel: Path) -> None:
    """Install the wheel apart and run the demo in an empty folder."""
    began = time.monotonic()
    python = made(place / "clean", f"redescribe[torch] @ {wheel.as_uri()}")
    command = python.with_name("redescribe")
    say(f"installed with PyTorch in {time.monotonic() - began:.0f} s")
    here = place / "empty"
    here.mkdir()
    assert run(command, "--version", where=here).strip() == f"redescribe {__version__}"
    began = time.monotonic()
    printed = run(command, "demo", "--quiet", "--output", "demo", where=here)
    assert "replicated on the hold-out" in printed, printed
    say(f"the demo, with compilation: {time.monotonic() - began:.0f} s")
    report = (here / "demo" / "report.html").read_text("utf-8")
    assert 'id="app"' in report, "the report is not the interactive one"
    assert "⇔" in run(command, "show", "demo", "--limit", "3", where=here)
    say(f"report.html: {len(report.encode()) / 1e6:.1f} MB, interactive")


def made(environment: Path, *packages: str) -> Path:
    """Return the Python of a new environment with some packages, as constrained."""
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    options = ("--quiet", "--disable-pip-version-check", "--constraint")
    run(python, "-m", "pip", "install", *options, str(ROOT / "constraints.txt"), *packages)
    return python


def run(*command: str | Path, where: Path | None = None) -> str:
    """Run a command without our environment; return what it printed."""
    unset = ("PYTHONPATH", "REDESCRIBE_NUMBA_CACHE")
    environment = {k: v for k, v in os.environ.items() if k not in unset}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=where,
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{command} ended with status {done.returncode}:\n{done.stderr[-3000:]}")
    return done.stdout


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
