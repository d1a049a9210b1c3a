"""Images and texts of the entities of a run, joined by id."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from redescribe.errors import EntityMismatchError, UnknownNameError, ViewError
from redescribe.readers.image_arrays import divided, read_image_array, read_image_source
from redescribe.readers.image_files import ImageFolder, decoded
from redescribe.readers.images import channels_last, scaled
from redescribe.readers.text_tables import read_text_source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from os import PathLike

    from redescribe._typing import AnyArray
    from redescribe.core.dataset import Dataset
    from redescribe.core.view import View

_IDS = "ids"
_N_SHOWN = 3
_FORMS: tuple[Callable[[str], str], ...] = (
    lambda path: path,
    lambda path: str(PurePosixPath(path).with_suffix("")),
    lambda path: PurePosixPath(path).name,
    lambda path: PurePosixPath(path).stem,
)


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Images of entities, read when they are asked for.

    Attributes
    ----------
    numbers
        Position of an entity -> number of its image.
    image
        Number -> the image, as `thumbnail` takes it.
    """

    numbers: Mapping[int, int]
    image: Callable[[int], AnyArray]


@dataclass(frozen=True, slots=True, eq=False)
class Media:
    """What the entities of a run look like.

    Attributes
    ----------
    pictures
        None without images.
    texts
        Position of an entity -> its text; empty without texts.
    """

    pictures: Pictures | None
    texts: Mapping[int, str]

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        *,
        images: str | PathLike[str] | AnyArray | None = None,
        texts: str | Sequence[str | None] | None = None,
        id_column: str = "",
        missing: bool = False,
    ) -> Media:
        """Find the images and the texts of the entities of a dataset.

        Parameters
        ----------
        dataset
            Of the run.
        images
            A folder of image files; FILE.npz:ARRAY or FILE.npy; the name of a view whose
            numeric columns are the pixels of square images, row by row, grey or red, green
            and blue; or an array with one image per entity, in order.
        texts
            FILE:COLUMN of a table, or one text per entity, in order, None where there is
            none.
        id_column
            Column of the table of texts that names the entities.
        missing
            Whether entities may lack an image or a text.

        Returns
        -------
        Media
            Image files are called by their path below the folder, with or without folder
            and ending; images of an array "0", "1", …, or by the array `ids` of its NPZ
            file. Images and texts of nobody are left aside.

        Raises
        ------
        EntityMismatchError
            If no entity, or without `missing` not every entity, has one.
        UnknownNameError
            If `images` is neither a file nor a folder nor a view.
        ReadError, ViewError
            If a file cannot be read, or holds no images or texts.

        Examples
        --------
        >>> from redescribe.core.dataset import Dataset
        >>> from redescribe.core.entities import SplitParams
        >>> from redescribe.core.view import View
        >>> views = [View.of("x", np.eye(4)), View.of("y", np.eye(4))]
        >>> dataset = Dataset.of(views, SplitParams(hold_out=0))
        >>> media = Media.of(dataset, images="x", texts=["a", None, "c", "d"], missing=True)
        >>> media.pictures.image(2).tolist(), media.texts[2]
        ([[0.0, 0.0], [1.0, 0.0]], 'c')
        """
        return cls(
            None if images is None else _pictures(dataset, images, missing=missing),
            {} if texts is None else _texts(dataset, texts, id_column, missing=missing),
        )


def _pictures(
    dataset: Dataset, images: str | PathLike[str] | AnyArray, *, missing: bool
) -> Pictures:
    ids = dataset.entities.ids
    if isinstance(images, np.ndarray):
        _check_count(len(images), len(ids), "images")
        return Pictures({i: i for i in range(len(ids))}, _of_array(images))
    source = str(images)
    if Path(source).is_dir():
        folder = ImageFolder.of(source)
        named = folder.entities.ids
        numbers = max((_matched(ids, list(map(f, named))) for f in _FORMS), key=len)
        _check_matched(ids, numbers, "image", named, missing=missing)
        return Pictures(numbers, lambda number: next(decoded([folder.paths[number]])))
    path, array = divided(source)
    if not path.is_file() and not path.suffix:
        if source not in dataset.names:
            what = f"{source!r} is no file and no folder, and there is no view"
            raise UnknownNameError.among(what, source, dataset.names)
        pixels = _pixels(dataset.view(source))
        return Pictures({i: i for i in range(len(ids))}, lambda number: pixels[number])
    values = read_image_source(source)
    named = _ids_beside(path, array, len(values))
    numbers = _matched(ids, named)
    _check_matched(ids, numbers, "image", named, missing=missing)
    return Pictures(numbers, _of_array(values))


def _of_array(values: AnyArray) -> Callable[[int], AnyArray]:
    images = channels_last(values)
    if images.dtype.kind != "f":
        return lambda number: images[number]
    return lambda number: scaled(images[number])


def _ids_beside(path: Path, array: str, n_images: int) -> tuple[str, ...]:
    """The array `ids` of a NPZ file, or "0", "1", …."""
    if path.suffix.lower() == ".npz" and array not in {"", _IDS}:
        try:
            ids = read_image_array(path, _IDS)
        except UnknownNameError:
            pass
        else:
            _check_count(len(ids), n_images, "ids of images")
            return tuple(map(str, ids.tolist()))
    return tuple(map(str, range(n_images)))


def _pixels(view: View) -> AnyArray:
    """The columns of a view as images from 0 to 1, shape (n, side, side[, 3])."""
    shapes = {}
    for channels in (1, 3):
        side = round((len(view.names) / channels) ** 0.5)
        shapes[side * side * channels] = (side, side, channels)[: 2 if channels == 1 else 3]
    shape = shapes.get(len(view.names))
    if shape is None or not all(attribute.is_numeric for attribute in view.attributes):
        em = (
            f"View {view.name!r} holds no images: it needs side × side numeric columns, or "
            f"three times as many for colours. It has {len(view.names)} columns."
        )
        raise ViewError(em)
    values = np.asarray(view.values, np.float64)
    low, high = np.nanmin(values), np.nanmax(values)
    span = high - low if high > low else 1.0
    return ((values.T - low) / span).reshape(-1, *shape)


def _texts(
    dataset: Dataset, texts: str | Sequence[str | None], id_column: str, *, missing: bool
) -> dict[int, str]:
    ids = dataset.entities.ids
    if isinstance(texts, str):
        found, entities = read_text_source(texts, id_column=id_column)
        numbers = _matched(ids, entities.ids)
        _check_matched(ids, numbers, "text", entities.ids, missing=missing)
    else:
        found, numbers = list(texts), {i: i for i in range(len(ids))}
        _check_count(len(found), len(ids), "texts")
    known = ((position, found[number]) for position, number in numbers.items())
    return {position: text for position, text in known if text}


def _matched(ids: Sequence[str], names: Sequence[str]) -> dict[int, int]:
    """Position of an entity -> number of the name that is its id and no other's."""
    numbers: dict[str, int] = {}
    twice: set[str] = set()
    for number, name in enumerate(names):
        if numbers.setdefault(name, number) != number:
            twice.add(name)
    return {
        position: numbers[name]
        for position, name in enumerate(ids)
        if name in numbers and name not in twice
    }


def _check_count(n_given: int, n_wanted: int, what: str) -> None:
    if n_given != n_wanted:
        em = f"Got {n_given} {what} where {n_wanted} are needed: give one for each."
        raise EntityMismatchError(em)


def _check_matched(
    ids: Sequence[str],
    numbers: Mapping[int, int],
    what: str,
    names: Sequence[str],
    *,
    missing: bool,
) -> None:
    without = [name for position, name in enumerate(ids) if position not in numbers]
    if not without or (missing and numbers):
        return
    rest = ", …" if len(without) > _N_SHOWN else ""
    shown = ", ".join(repr(name[:80]) for name in without[:_N_SHOWN])
    named = ", ".join(repr(name[:80]) for name in names[:_N_SHOWN])
    advice = (
        f"Allow it with missing_media=True (--missing-media), or add the {what}s."
        if numbers
        else f"Give the {what}s the ids of the run."
    )
    em = (
        f"{len(without)} of the {len(ids)} entities have no {what}: {shown}{rest}. The "
        f"{len(names)} {what}s are called {named}, …. {advice}"
    )
    raise EntityMismatchError(em)
