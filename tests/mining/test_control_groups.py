"""Limits of memory of the control groups that a process is in, of either version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from redescribe.mining.control_groups import control_group_limits
from redescribe.mining.plan import machine_memory

if TYPE_CHECKING:
    from pathlib import Path

V1 = "9:name=systemd:/\n4:cpu,memory:/job/step\n0::/\n"
V2 = "0::/job/step\n"


def given(folder: Path, membership: str, limits: dict[str, str]) -> tuple[Path, Path]:
    file, mount = folder / "cgroup", folder / "mount"
    file.write_text(membership)
    for name, limit in limits.items():
        path = mount / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{limit}\n")
    return file, mount


@pytest.mark.parametrize(
    ("membership", "limits", "expected"),
    [
        (V2, {"job/step/memory.max": "max", "job/memory.max": "300"}, [300]),
        (V2, {"job/step/memory.max": "200", "memory.max": "900"}, [200, 900]),
        (V1, {"memory/job/memory.limit_in_bytes": "400", "memory.max": "500"}, [400, 500]),
        (V1, {"memory/memory.limit_in_bytes": "600", "job/memory.max": "1"}, [600]),
        ("", {"memory.max": "5"}, []),
        ("nonsense\n", {"memory.max": "nonsense"}, []),
    ],
)
def test_all_groups_up_to_the_root_count(
    tmp_path: Path, membership: str, limits: dict[str, str], expected: list[int]
) -> None:
    assert control_group_limits(*given(tmp_path, membership, limits)) == expected


def test_where_there_are_no_groups(tmp_path: Path) -> None:
    assert control_group_limits(tmp_path / "none", tmp_path) == []


def test_the_smallest_limit_is_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = machine_memory()
    assert whole is not None
    limits = [whole * 2, 12_345]
    monkeypatch.setattr("redescribe.mining.plan.control_group_limits", lambda: limits)
    assert machine_memory() == 12_345
