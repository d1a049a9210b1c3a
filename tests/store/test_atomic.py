"""Nothing half-written ever has its final name, and failures leave nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from redescribe.errors import StoreError
from redescribe.store.atomic import remove_leftovers, replacing, replacing_folder
from redescribe.store.files import read_array, read_json, read_parquet, write_text
from redescribe.store.names import folder_name


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.txt"
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert _names(path.parent) == ["file.txt"]


def test_a_failing_writer_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), replacing(path) as temporary:
        _half(temporary)
    assert path.read_text() == "old"
    assert _names(tmp_path) == ["file.txt"]


def test_a_failing_writer_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), replacing_folder(tmp_path / "a") as temporary:
        _half(temporary / "file")
    assert _names(tmp_path) == []


def test_a_folder_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.mkdir()
    (path / ".redescribe-file-1234.tmp").write_text("left behind")
    with replacing_folder(path) as temporary:
        (temporary / "file").write_text("whole")
        assert not (path / "file").exists()
    assert _names(path) == ["file"]
    with pytest.raises(StoreError, match="not an empty folder"), replacing_folder(path):
        pass


def test_errors_of_the_block_keep_their_type(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replacing_folder(tmp_path / "a"):
        Path(tmp_path / "missing input").read_text()


def test_leftovers_of_killed_writers_are_removed(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / ".redescribe-part.npy-1234.tmp").write_text("half")
    (tmp_path / ".redescribe-acts-1234.tmp").mkdir()
    (tmp_path / "mine.tmp").write_text("of the user")
    remove_leftovers(tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["mine.tmp", "sub"]


def test_a_new_folder_writer_removes_its_own_leftovers_only(tmp_path: Path) -> None:
    (tmp_path / ".redescribe-acts-1234.tmp").mkdir()
    (tmp_path / ".redescribe-others-1234.tmp").mkdir()
    with replacing_folder(tmp_path / "acts"):
        pass
    assert _names(tmp_path) == [".redescribe-others-1234.tmp", "acts"]


def test_a_refusing_file_system_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match="cannot be written"):
        write_text(tmp_path / "file" / "x.json", "x")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_a_read_only_folder_is_a_store_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StoreError, match="Permission denied"):
            write_text(tmp_path / "x.json", "x")
    finally:
        tmp_path.chmod(0o700)


def test_folder_names_are_safe_and_distinct() -> None:
    names = ["", ".", "..", "a/b", "a%2Fb", "a b", "ä", "x" * 300, "x" * 301, "ä" * 200]
    folders = [folder_name(name) for name in names]
    assert len(set(folders)) == len(names)
    assert all(0 < len(name) < 200 and "/" not in name for name in folders)
    assert not {".", ".."} & set(folders)


def _half(path: Path) -> None:
    path.write_text("half")
    raise KeyboardInterrupt


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_refused_rename_is_a_store_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StoreError, match="Permission denied"):
        write_text(tmp_path / "x.json", "x")
    monkeypatch.setattr(Path, "rename", refuse)
    with (
        pytest.raises(StoreError, match="Permission denied"),
        replacing_folder(tmp_path / "a"),
    ):
        pass
    assert _names(tmp_path) == []


def test_an_unreadable_file_is_a_store_error(tmp_path: Path) -> None:
    for read in (read_json, read_parquet, read_array):
        with pytest.raises(StoreError, match="cannot be read"):
            read(tmp_path)
