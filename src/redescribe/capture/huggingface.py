"""Hugging Face transformers: models from folders, texts and media as inputs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redescribe._lazy import require
from redescribe.capture.batches import Batch, batch_of
from redescribe.errors import CaptureError, RedescribeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_PURPOSE = "Capturing Hugging Face models"
CONFIG = "config.json"
"""What makes a folder a model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextInputs:
    """Makes inputs of texts with the tokeniser of the model.

    Batches are padded to their longest text; the attention mask and the mask of special
    tokens go with them, so that reducers see neither.

    Parameters
    ----------
    column
        The column of a table, or of a data set, that holds the texts; empty where the data
        are the texts themselves.
    tokenizer
        A tokeniser of transformers, or the folder of one; None takes the one in the folder
        of the model.
    max_length
        Tokens of a text at most; longer ones are cut. None is what the tokeniser says.
    download
        Whether a tokeniser that is not on this machine may be fetched.

    Examples
    --------
    >>> TextInputs(column="sentence").column
    'sentence'
    """

    column: str = ""
    tokenizer: Any = None
    max_length: int | None = None
    download: bool = False

    def inputs(self, data: Any, model: Any) -> MadeInputs:  # noqa: ANN401 - any table
        """Return inputs that tokenise batch by batch.

        Raises
        ------
        CaptureError
            If the data are no texts, or there is no tokeniser.
        """
        texts = _texts(items_of(data, self.column))
        tokenizer = self._tokenizer(model)
        if tokenizer.pad_token is None and getattr(tokenizer, "eos_token", None) is None:
            em = "The tokeniser has no token to pad texts with. Set tokenizer.pad_token."
            raise CaptureError(em)

        def encode(chosen: Sequence[str]) -> Mapping[str, Any]:
            encoded: Mapping[str, Any] = _encoded(tokenizer, chosen, self.max_length)
            return encoded

        return MadeInputs(texts, encode)

    def _tokenizer(self, model: Any) -> Any:  # noqa: ANN401
        given = self.tokenizer
        if given is None:
            given = model if isinstance(model, (str, Path)) else _home_of(model)
        if not isinstance(given, (str, Path)):
            return given
        transformers = require("transformers", extra="hf", purpose=_PURPOSE)
        with _loading(given, "tokeniser", download=self.download):
            return transformers.AutoTokenizer.from_pretrained(
                str(given), local_files_only=not self.download
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorInputs:
    """Makes inputs of images, sounds or anything else with a processor.

    Parameters
    ----------
    processor
        A function of a list of items that returns the named inputs of the model as arrays
        or tensors, such as `lambda images: processor(images, return_tensors="pt")`.
    column
        The column of a table, or of a data set, that holds the items; empty where the data
        are the items themselves.

    Examples
    --------
    >>> import numpy as np
    >>> make = ProcessorInputs(processor=lambda words: {"x": np.array([map(len, words)])})
    >>> make.inputs(["a", "bc"], None).n_entities
    2
    """

    processor: Callable[[Sequence[Any]], Mapping[str, Any]]
    column: str = ""

    def inputs(self, data: Any, model: Any) -> MadeInputs:  # noqa: ANN401, ARG002
        """Return inputs that are processed batch by batch."""
        return MadeInputs(items_of(data, self.column), self.processor)


@dataclass(frozen=True, slots=True, eq=False)
class MadeInputs:
    """Items that become the inputs of a model batch by batch.

    Attributes
    ----------
    items
        One per entity.
    make
        Returns the named inputs of some items.
    """

    items: Sequence[Any]
    make: Callable[[Sequence[Any]], Mapping[str, Any]]
    repeatable: bool = True

    @property
    def n_entities(self) -> int:
        """How many items there are."""
        return len(self.items)

    def batches(self, batch_size: int) -> Iterator[Batch]:
        """Yield the inputs of `batch_size` items each."""
        for number, start in enumerate(range(0, len(self.items), batch_size)):
            chosen = self.items[start : start + batch_size]
            batch = batch_of(number, (), dict(self.make(chosen)))
            if len(batch) != len(chosen):
                em = (
                    f"The processor made inputs of {len(batch)} rows for the "
                    f"{len(chosen)} items of batch {number}. One row per item is needed."
                )
                raise CaptureError(em)
            yield batch


def is_folder(model: str | Path) -> bool:
    """Return whether there is a model of transformers in a folder."""
    return (Path(model) / CONFIG).is_file()


def load_model(model: str | Path, *, download: bool = False) -> Any:  # noqa: ANN401
    """Return the model in a folder, or of a name that is on this machine.

    The class is the one that the configuration names, so that heads are there and layers
    are called as its authors call them; code in the folder is not run.

    Raises
    ------
    CaptureError
        If it is not there, or not what transformers can load.
    MissingExtraError
        If transformers is not installed.
    """
    transformers = require("transformers", extra="hf", purpose=_PURPOSE)
    with _loading(model, "model", download=download):
        options = {"local_files_only": not download}
        config = transformers.AutoConfig.from_pretrained(str(model), **options)
        named = (config.architectures or [""])[0]
        kind = getattr(transformers, named, transformers.AutoModel)
        with _without_bars(transformers.utils.logging):
            return kind.from_pretrained(str(model), config=config, **options).eval()


@contextmanager
def _loading(source: str | Path, what: str, *, download: bool) -> Iterator[None]:
    """Turn what goes wrong while something is loaded into an error of ours."""
    try:
        yield
    except (OSError, ValueError, KeyError) as error:
        if isinstance(error, RedescribeError):
            raise
        first = " ".join(str(error).split())
        hint = "" if download else " Nothing is downloaded unless asked."
        em = f"There is no {what} in {str(source)!r}: {first[:300]}{hint}"
        raise CaptureError(em) from error


@contextmanager
def _without_bars(logging: Any) -> Iterator[None]:  # noqa: ANN401 - transformers' own
    """No progress bar of transformers while a model is loaded."""
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def items_of(data: Any, column: str) -> Sequence[Any]:  # noqa: ANN401 - any table
    """Return the items of a table's column, or of a list.

    >>> items_of([{"text": "a"}, {"text": "b"}], "text"), items_of(("a", "b"), "")
    (['a', 'b'], ['a', 'b'])

    Raises
    ------
    CaptureError
        If there is no such column.
    """
    if not column:
        return list(data)
    try:
        if isinstance(data, (list, tuple)):
            return [row[column] for row in data]
        return list(data[column])
    except (KeyError, IndexError, TypeError) as error:
        em = f"The data have no column {column!r}: {error}. Name the one with the items."
        raise CaptureError(em) from error


def _texts(items: Sequence[Any]) -> list[str]:
    texts = [str(item) if hasattr(item, "as_py") else item for item in items]
    for place, text in enumerate(texts):
        if not isinstance(text, str) or not text.strip():
            what = "empty" if isinstance(text, str) else f"a {type(text).__name__}"
            em = (
                f"Entity {place} of {len(texts)} is {what} where a text is needed. Leave "
                "such entities out, or name the column that holds the texts (column=)."
            )
            raise CaptureError(em)
    return texts


def _home_of(model: Any) -> str:  # noqa: ANN401 - a PreTrainedModel
    home = str(getattr(model, "name_or_path", "") or "")
    if not home:
        em = "The model does not say where its tokeniser is. Give TextInputs(tokenizer=…)."
        raise CaptureError(em)
    return home


def _encoded(tokenizer: Any, texts: Sequence[str], longest: int | None) -> Any:  # noqa: ANN401
    """The named inputs of some texts; a tokeniser without padding pads with its end."""
    padding = tokenizer.pad_token
    if padding is None:
        tokenizer.pad_token = tokenizer.eos_token
    try:
        return tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=longest,
            return_attention_mask=True,
            return_special_tokens_mask=True,
            return_tensors="np",
        )
    finally:
        tokenizer.pad_token = padding
