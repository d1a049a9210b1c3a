"""What SECURITY.md promises of the sources: no pickle, no eval, no process, no network."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
UNPICKLERS = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "yaml", "jsonpickle"}
PROCESSES = {"subprocess", "pty", "multiprocessing"}
NETWORK = {"socket", "urllib.request", "http.client", "requests", "httpx", "ftplib"}
ARCHIVES = {"tarfile", "zipfile"}
RUNS_TEXT = {"eval", "exec", "compile", "__import__", "input"}
RUNS_MORE = {"system", "popen", "extractall", "extract", "read_pickle", "to_pickle"}
# Names of errors are no door; `serve` listens, on the loopback interface.
ALLOWED = {
    # What a run sends to workers of its own, as joblib itself does; never a file of others.
    ("redescribe/executors/parcel.py", "pickle"),
    ("redescribe/executors/parcel.py", "cloudpickle"),
    # Only says that classes of a file are sent with what is made of them.
    ("redescribe/capture/objects.py", "cloudpickle"),
    ("redescribe/capture/torch_files.py", "pickle.UnpicklingError"),
    ("redescribe/readers/arrays.py", "zipfile.BadZipFile"),
    ("redescribe/readers/image_arrays.py", "zipfile.BadZipFile"),
}
LISTENS = ("redescribe/serve/", "redescribe/cli/serve")
# Code that a user names is run here, and nowhere else.
RUNS_NAMED_CODE = {"redescribe/capture/objects.py", "redescribe/cli/rules.py"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT / "src").as_posix()


def imports_of(tree: ast.Module) -> set[str]:
    """What a module imports: `pickle`, `pickle.UnpicklingError`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def calls_of(tree: ast.Module) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def doors(source: str, name: str) -> list[str]:
    """What in a source text could run code, start a process or reach the network."""
    tree = ast.parse(source)
    banned = UNPICKLERS | PROCESSES | ARCHIVES
    banned |= set() if name.startswith(LISTENS) else NETWORK
    found = [
        full
        for full in sorted(imports_of(tree))
        if any(full == b or full.startswith(f"{b}.") for b in banned)
        and (name, full) not in ALLOWED
    ]
    for call in calls_of(tree):
        function, text = call.func, ast.unparse(call)
        if isinstance(function, ast.Name) and function.id in RUNS_TEXT:
            found.append(text)
        if isinstance(function, ast.Attribute) and function.attr in RUNS_MORE:
            found.append(text)
        if ast.unparse(function) == "np.load" and "allow_pickle=False" not in text:
            found.append(text)
        if ast.unparse(function) in {"joblib.load", "pd.eval", "pandas.eval"}:
            found.append(text)
        if ast.unparse(function) == "torch.load" and (
            "weights_only" not in text or "weights_only=False" in text
        ):
            found.append(text)
    return found


def test_nothing_unpickles_evaluates_or_phones() -> None:
    found = {
        relative(path): doors(path.read_text(encoding="utf-8"), relative(path))
        for path in SOURCES
    }
    assert len(found) > 300
    assert {name: open_ for name, open_ in found.items() if open_} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from pickle import loads",
        "import urllib.request",
        "from http.client import HTTPConnection",
        "x = eval(text)",
        "os.system(text)",
        "archive.extractall(folder)",
        "np.load(path)",
        "np.load(path, allow_pickle=True)",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "joblib.load(path)",
    ],
)
def test_the_search_for_doors_finds_them(source: str) -> None:
    assert doors(source, "redescribe/any.py")


def test_named_code_is_run_in_the_files_that_say_so() -> None:
    """Imports by a name that is no constant of ours, and code of files."""
    found = set()
    for path in SOURCES:
        for call in calls_of(ast.parse(path.read_text(encoding="utf-8"))):
            name = ast.unparse(call.func).rsplit(".", 1)[-1]
            by_name = name == "import_module" and isinstance(call.args[0], ast.Name)
            if by_name or name == "exec_module":
                found.add(relative(path))
    ours = {"redescribe/_lazy.py", "redescribe/search/registry.py"}
    assert found - ours == RUNS_NAMED_CODE


def test_the_policy_is_written_down() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for word in (
        "--trust-pickle",
        "Content-Security-Policy",
        "make audit",
        "How to report",
    ):
        assert word in text
