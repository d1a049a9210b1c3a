"""Folders of image files -> ids, labels and decoded images."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from redescribe._lazy import require
from redescribe.core.entities import EntityIndex
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import ReadError, ViewError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

    from numpy.typing import NDArray

ENDINGS = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".ppm", ".tif", ".tiff", ".webp")
"""Files that are taken for images, in any case."""


@dataclass(frozen=True, slots=True)
class ImageFolder:
    """The image files of a folder and of its subfolders, sorted by path.

    Parameters
    ----------
    folder
        Where the files are; with `CLASS/…` below it, the first subfolder is the class.
    paths
        The files.

    Examples
    --------
    >>> folder = ImageFolder(Path("pets"), (Path("pets/cat/a.png"), Path("pets/dog/b.png")))
    >>> folder.entities.ids, folder.labels().attributes[0].categories
    (('cat/a.png', 'dog/b.png'), ('cat', 'dog'))
    """

    folder: Path
    paths: tuple[Path, ...]

    @classmethod
    def of(cls, folder: str | Path) -> ImageFolder:
        """Find the image files; hidden files and folders are left out.

        Raises
        ------
        ReadError
            If the folder is missing or has no image.
        """
        folder = Path(folder)
        if not folder.is_dir():
            em = f"There is no folder {str(folder)!r} of images. Check the path."
            raise ReadError(em)
        paths = sorted(
            path
            for path in folder.rglob("*")
            if path.suffix.lower() in ENDINGS
            and path.is_file()
            and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        )
        if not paths:
            em = f"Folder {str(folder)!r} has no image, a file in {', '.join(ENDINGS)}."
            raise ReadError(em)
        return cls(folder, tuple(paths))

    @property
    def entities(self) -> EntityIndex:
        """One entity per file, called by its path below the folder."""
        relative = (path.relative_to(self.folder).as_posix() for path in self.paths)
        return EntityIndex(tuple(relative))

    def labels(self, name: str = "labels") -> View:
        """Return the view of one attribute, `class`: the first subfolder of each file.

        Raises
        ------
        ViewError
            If a file lies in no subfolder, or all lie in one.
        """
        parts = [path.relative_to(self.folder).parts for path in self.paths]
        without = next((p[0] for p in parts if len(p) == 1), "")
        classes = sorted({part[0] for part in parts})
        if without or len(classes) == 1:
            why = f"{without!r} is in none" if without else f"there is only {classes[0]!r}"
            em = (
                f"The images of {str(self.folder)!r} have no labels: they need one "
                f"subfolder per class, and {why}."
            )
            raise ViewError(em)
        codes = np.searchsorted(classes, [part[0] for part in parts])
        attribute = Attribute("class", AttributeKind.NOMINAL, tuple(classes))
        return View(name, self.entities, (attribute,), codes[None].astype(np.float32))


def decoded(paths: Iterable[str | Path]) -> Iterator[NDArray[np.uint8]]:
    """Yield each image as red, green and blue, shape (h, w, 3); transparency is ignored.

    Raises
    ------
    MissingExtraError
        If Pillow is not installed.
    ReadError
        If a file is missing, no image, too large, or has more than 8 bits per channel.
    """
    pillow = require("PIL.Image", extra="images", purpose="Reading image files")
    for path in paths:
        yield _decoded(pillow, Path(path))


def _decoded(pillow: ModuleType, path: Path) -> NDArray[np.uint8]:
    try:
        # Pillow only warns of an image that would fill the memory when it is opened.
        with warnings.catch_warnings():
            warnings.simplefilter("error", pillow.DecompressionBombWarning)
            with pillow.open(path) as image:
                if image.mode[0] in "IF":
                    em = (
                        f"Image {str(path)!r} has more than 8 bits per channel (mode "
                        f"{image.mode}): give such images as an array of 0 to 1."
                    )
                    raise ReadError(em)
                return np.asarray(image.convert("RGB"), np.uint8)
    except FileNotFoundError:
        em = f"There is no image {str(path)!r}. Check the path."
        raise ReadError(em) from None
    except (
        OSError,
        SyntaxError,
        EOFError,
        pillow.DecompressionBombError,
        pillow.DecompressionBombWarning,
    ) as error:
        em = f"Image {str(path)!r} cannot be read: {error}. Save it again, or leave it out."
        raise ReadError(em) from None
