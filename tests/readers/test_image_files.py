"""Folders of image files, and arrays of images in files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from redescribe.errors import (
    MissingExtraError,
    ReadError,
    UnknownNameError,
    ViewError,
)
from redescribe.readers import images
from redescribe.readers.image_arrays import read_image_array
from redescribe.readers.image_files import ImageFolder
from redescribe.readers.images import image_attributes

if TYPE_CHECKING:
    from pathlib import Path

SHAPES = {
    "cat/a.png": (6, 6),
    "cat/b.PNG": (6, 6),
    "cat/deep/c.png": (9, 5),
    "dog/d.png": (6, 6),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Colour images in two classes, one of another size, and files that are none."""
    generator = np.random.default_rng(0)
    for name, shape in SHAPES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(generator.integers(0, 256, (*shape, 3), np.uint8)).save(path)
    (tmp_path / "readme.txt").write_text("no image")
    hidden = tmp_path / ".cache"
    hidden.mkdir()
    (hidden / "e.png").write_bytes((tmp_path / "dog/d.png").read_bytes())
    return tmp_path


def test_a_folder_gives_ids_labels_and_the_attributes_of_its_images(folder: Path) -> None:
    found = ImageFolder.of(folder)
    assert found.entities.ids == tuple(SHAPES)
    labels = found.labels()
    assert labels.attributes[0].categories == ("cat", "dog")
    assert labels.values.tolist() == [[0, 0, 0, 1]]

    view = image_attributes(folder, grid=2)
    assert view.entities == found.entities
    for position, path in enumerate(found.paths):
        with Image.open(path) as image:
            alone = image_attributes(np.asarray(image)[None], grid=2)
        assert view.names == alone.names
        np.testing.assert_array_equal(view.values[:, position], alone.values[:, 0])


def test_blocks_of_files_do_not_matter(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = image_attributes(folder, pooled=2)
    monkeypatch.setattr(images, "_BLOCK_PIXELS", 2 * 36)
    np.testing.assert_array_equal(
        image_attributes(folder, pooled=2).values, expected.values
    )


def test_paths_and_own_ids(folder: Path) -> None:
    paths: list[Path | str] = [folder / "dog/d.png", str(folder / "cat/a.png")]
    of_paths = image_attributes(paths)
    assert of_paths.entities.ids == tuple(map(str, paths))
    whole = image_attributes(folder)
    np.testing.assert_array_equal(of_paths.values, whole.values[:, [3, 0]])
    assert image_attributes(iter(paths), ids=[1, 2]).entities.ids == ("1", "2")


def test_grey_files_are_read_as_colours(tmp_path: Path) -> None:
    grey = np.random.default_rng(0).integers(0, 256, (5, 6), np.uint8)
    Image.fromarray(grey).save(tmp_path / "a.png")
    view = image_attributes(tmp_path)
    expected = image_attributes(np.repeat(grey[None, ..., None], 3, axis=3))
    np.testing.assert_array_equal(view.values, expected.values)


def test_folders_without_images_or_labels(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no folder"):
        ImageFolder.of(tmp_path / "nowhere")
    with pytest.raises(ReadError, match="has no image"):
        ImageFolder.of(tmp_path)
    (tmp_path / "cat").mkdir()
    Image.new("RGB", (4, 4)).save(tmp_path / "cat" / "a.png")
    with pytest.raises(ViewError, match="there is only 'cat'"):
        ImageFolder.of(tmp_path).labels()
    Image.new("RGB", (4, 4)).save(tmp_path / "b.png")
    with pytest.raises(ViewError, match=r"'b\.png' is in none"):
        ImageFolder.of(tmp_path).labels()


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    path.write_text("no image")
    with pytest.raises(ReadError, match=r"a\.png' cannot be read: cannot identify"):
        image_attributes([path])
    with pytest.raises(ReadError, match="There is no image"):
        image_attributes([tmp_path / "b.png"])
    Image.new("I;16", (4, 4)).save(path)
    with pytest.raises(ReadError, match="more than 8 bits per channel"):
        image_attributes([path])
    Image.new("RGB", (40, 40)).save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReadError, match="cannot be read"):
        image_attributes([path])
    path.write_bytes(whole)
    for limit in (1000, 100):  # Pillow warns above it and refuses above twice of it
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
        with pytest.raises(ReadError, match="cannot be read: Image size"):
            image_attributes([path])


def test_without_pillow(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'redescribe\[images\]'"):
        image_attributes(folder)


def test_arrays_in_files(tmp_path: Path) -> None:
    pictures = np.arange(32, dtype=np.uint8).reshape(2, 4, 4)
    np.save(tmp_path / "a.npy", pictures)
    np.savez(tmp_path / "one.npz", pictures)
    np.savez(tmp_path / "two.npz", train=pictures, test=pictures[:1])
    for path, array in (("a.npy", ""), ("one.npz", ""), ("two.npz", "train")):
        read = read_image_array(tmp_path / path, array)
        np.testing.assert_array_equal(read, pictures)
    with pytest.raises(ReadError, match="has the arrays train, test: name one"):
        read_image_array(tmp_path / "two.npz")
    with pytest.raises(UnknownNameError, match=r"no array 'tset'\. Did you mean 'test'"):
        read_image_array(tmp_path / "two.npz", "tset")
    with pytest.raises(ReadError, match="is a single array"):
        read_image_array(tmp_path / "a.npy", "train")
    (tmp_path / "a.csv").write_text("1,2")
    with pytest.raises(ReadError, match=r"a\.csv' is no array"):
        read_image_array(tmp_path / "a.csv")


@pytest.mark.parametrize("name", ["a.npy", "a.npz"])
def test_files_that_are_no_arrays(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with pytest.raises(ReadError, match="There is no file"):
        read_image_array(path)
    path.write_text("no array")
    with pytest.raises(ReadError, match="is no file of arrays of numbers"):
        read_image_array(path)
    with path.open("wb") as file:
        if name == "a.npy":
            np.save(file, np.array([None]), allow_pickle=True)
        else:
            np.savez(file, np.array([None]))
    with pytest.raises(ReadError, match="is no file of arrays of numbers"):
        read_image_array(path)
    with path.open("wb") as file:
        if name == "a.npy":
            np.savez(file, np.zeros(1))
        else:
            np.save(file, np.zeros(1))
    with pytest.raises(ReadError, match=r"let its name end in \.np"):
        read_image_array(path)
