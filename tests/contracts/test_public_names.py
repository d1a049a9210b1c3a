"""The public surface: what `import redescribe` offers and what it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import redescribe

HEAVY = (
    "numpy",
    "numba",
    "scipy",
    "sklearn",
    "pyarrow",
    "pandas",
    "polars",
    "narwhals",
    "joblib",
    "torch",
    "typer",
    "rich",
)


def loaded_by(statement: str) -> set[str]:
    """Which heavy packages a fresh interpreter has loaded after a statement."""
    script = f"{statement}; import sys; print(*[m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(done.stdout.split())


def test_public_names_are_sorted_and_distinct() -> None:
    names = [name for name in redescribe.__all__ if not name.startswith("__")]
    assert names == sorted(set(names))
    assert set(redescribe.__all__) <= set(dir(redescribe))


@pytest.mark.parametrize("name", redescribe.__all__)
def test_public_names_resolve_and_are_documented(name: str) -> None:
    value = getattr(redescribe, name)
    if callable(value):
        assert value.__doc__
        assert value.__module__.startswith("redescribe.")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="mime"):
        _ = redescribe.mime


@pytest.mark.parametrize("statement", ["import redescribe", "import redescribe.errors"])
def test_importing_loads_nothing_heavy(statement: str) -> None:
    assert loaded_by(statement) == set()


def test_a_parameter_class_needs_no_compiler() -> None:
    assert loaded_by("from redescribe import Thresholds") <= {"numpy"}
