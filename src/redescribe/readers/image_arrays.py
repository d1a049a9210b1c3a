"""NPY and NPZ files -> one array of images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from redescribe.errors import ReadError, UnknownNameError
from redescribe.readers.files import existing_file, shown

if TYPE_CHECKING:
    from numpy.lib.npyio import NpzFile

    from redescribe._typing import AnyArray


def read_image_array(path: str | Path, array: str = "") -> AnyArray:
    """Return the array of a NPY file, or one array of a NPZ file. Never unpickles.

    Parameters
    ----------
    path
        The file.
    array
        Its name in a NPZ file; may be left out where there is only one.

    Raises
    ------
    ReadError
        If the file is missing, damaged or pickled, or it is not clear which array is meant.
    UnknownNameError
        If there is no such array.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "pictures.npz"
    ...     np.savez(path, test=np.zeros((2, 8, 8), np.uint8), labels=[0, 1])
    ...     read_image_array(path, "test").shape
    (2, 8, 8)
    """
    path = existing_file(path)
    ending = path.suffix.lower()
    if ending not in {".npy", ".npz"}:
        em = f"{shown(path)} is no array: name a file in .npy or .npz, or a folder."
        raise ReadError(em)
    try:
        if ending == ".npy":
            # Mapped into memory: images are read block by block.
            return _single(np.load(path, mmap_mode="r", allow_pickle=False), array, path)
        # numpy leaves a damaged archive open that it opened itself.
        with path.open("rb") as file:
            loaded = np.load(file, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                em = f"{shown(path)} is a single array: let its name end in .npy."
                raise ReadError(em)
            found: AnyArray = loaded[_chosen(loaded.files, array, path)]
            return found
    except (UnknownNameError, ReadError):
        raise
    except (ValueError, EOFError, OSError, BadZipFile) as error:
        em = f"{shown(path)} is no file of arrays of numbers: {error}. Save it again."
        raise ReadError(em) from None


def read_image_source(source: str) -> AnyArray:
    """Return the array that FILE.npy, FILE.npz or FILE.npz:ARRAY names.

    A colon may also belong to the path.

    Raises
    ------
    ReadError, UnknownNameError
        As for `read_image_array`.

    Examples
    --------
    >>> read_image_source("nowhere.npz:test")
    Traceback (most recent call last):
    redescribe.errors.ReadError: There is no file 'nowhere.npz'. Check the path.
    """
    path, array = divided(source)
    return read_image_array(path, array)


def divided(source: str) -> tuple[Path, str]:
    """Return the file and the name of the array, empty without one, of FILE[:ARRAY].

    >>> divided("digits.npz:test")[1], divided("digits.npy")[1]
    ('test', '')
    """
    if not Path(source).exists() and ":" in source:
        file, _, array = source.rpartition(":")
        if Path(file).exists() or Path(file).suffix:
            return Path(file), array
    return Path(source), ""


def _single(loaded: AnyArray | NpzFile, array: str, path: Path) -> AnyArray:
    if not isinstance(loaded, np.ndarray):
        loaded.close()
        em = f"{shown(path)} is an archive of arrays: let its name end in .npz."
        raise ReadError(em)
    if array:
        em = (
            f"{shown(path)} is a single array, without one called {array!r}: name the file."
        )
        raise ReadError(em)
    return loaded


def _chosen(names: list[str], array: str, path: Path) -> str:
    if array:
        if array not in names:
            what = f"{shown(path)} has no array"
            raise UnknownNameError.among(what, array, names)
        return array
    if len(names) != 1:
        shown_names = ", ".join(names) or "(none)"
        em = f"{shown(path)} has the arrays {shown_names}: name one, as FILE:ARRAY."
        raise ReadError(em)
    return names[0]
