"""Texts through a tiny transformer: masks, special tokens, tokens with their positions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import torch

from redescribe.capture.capture import capture
from redescribe.capture.huggingface import ProcessorInputs, TextInputs, load_model
from redescribe.capture.listing import layers
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from pathlib import Path

transformers = pytest.importorskip("transformers")

TEXTS = ["a b c", "b", "c c a b a"]
LAYER = "encoder.layer.0.intermediate.dense"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two layers with random weights, and a tokeniser of three words."""
    path = tmp_path_factory.mktemp("bert")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c"]
    (path / "vocab.txt").write_text("\n".join(vocabulary))
    (path / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "BertTokenizer", "model_max_length": 16})
    )
    config = transformers.BertConfig(
        vocab_size=8,
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=12,
        max_position_embeddings=16,
    )
    torch.manual_seed(0)
    transformers.BertModel(config).save_pretrained(path)
    return path


def _alone(folder: Path, text: str) -> np.ndarray:
    """The activations of one text without padding: tokens × units, with [CLS] and [SEP]."""
    model = load_model(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    kept: list[torch.Tensor] = []
    hook = model.get_submodule(LAYER).register_forward_hook(
        lambda _m, _a, out: kept.append(out.detach())
    )
    model(**tokenizer(text, return_tensors="pt"))
    hook.remove()
    return np.asarray(kept[0][0])


@pytest.mark.parametrize("batch_size", [1, 2, 3])
def test_reducers_see_neither_padding_nor_special_tokens(
    folder: Path, batch_size: int
) -> None:
    reducers = ["mean", "max", "min", "cls", "last"]
    view = capture(
        folder, TEXTS, layers=LAYER, reduce=reducers, inputs=TextInputs(),
        batch_size=batch_size,
    )  # fmt: skip
    for place, text in enumerate(TEXTS):
        tokens = _alone(folder, text)
        inner = tokens[1:-1]
        assert len(inner) == len(text.split())
        want = [inner.mean(0), inner.max(0), inner.min(0), tokens[0], inner[-1]]
        got = view.values[:, place].reshape(5, 12)
        np.testing.assert_allclose(got, want, atol=1e-5)


def test_each_token_is_an_entity_of_its_text(folder: Path) -> None:
    view = capture(
        folder, TEXTS, layers=LAYER, reduce="each", inputs=TextInputs(), ids=["x", "y", "z"]
    )
    assert view.entities.ids[:5] == ("x#1", "x#2", "x#3", "y#1", "z#1")
    assert view.entities.groups == ("x",) * 3 + ("y",) + ("z",) * 5
    want = np.vstack([_alone(folder, text)[1:-1] for text in TEXTS])
    np.testing.assert_allclose(view.values.T, want, atol=1e-5)


def test_tokens_of_a_view_are_split_by_text(folder: Path) -> None:
    from redescribe.core.entities import SplitParams, split_entities  # noqa: PLC0415

    texts = TEXTS * 5
    view = capture(folder, texts, layers=LAYER, reduce="each", inputs=TextInputs())
    split = split_entities(view.entities, SplitParams(hold_out=0.3))
    groups = np.array(view.entities.groups)
    assert not set(groups[split.mined]) & set(groups[split.held_out])


@pytest.mark.parametrize(
    "data",
    [
        pd.DataFrame({"text": TEXTS, "label": [0, 1, 0]}),
        {"text": TEXTS},
        [{"text": text} for text in TEXTS],
        pd.DataFrame({"text": TEXTS}).to_dict("series"),
    ],
)
def test_texts_stand_in_a_column(folder: Path, data: Any) -> None:  # noqa: ANN401
    options: dict[str, Any] = {"layers": LAYER, "reduce": "mean"}
    want = capture(folder, TEXTS, inputs=TextInputs(), **options)
    got = capture(folder, data, inputs=TextInputs(column="text"), **options)
    np.testing.assert_array_equal(got.values, want.values)


def test_a_model_object_finds_its_tokeniser(folder: Path) -> None:
    model = load_model(folder)
    options: dict[str, Any] = {"layers": LAYER, "reduce": "mean"}
    want = capture(folder, TEXTS, inputs=TextInputs(), **options).values
    for maker in (
        TextInputs(),
        TextInputs(tokenizer=folder),
        TextInputs(
            tokenizer=transformers.AutoTokenizer.from_pretrained(
                folder, local_files_only=True
            )
        ),
    ):
        got = capture(model, TEXTS, inputs=maker, **options)
        np.testing.assert_array_equal(got.values, want)
    model.name_or_path = ""
    with pytest.raises(CaptureError, match="Give TextInputs"):
        capture(model, TEXTS, inputs=TextInputs(), **options)


def test_long_texts_are_cut(folder: Path) -> None:
    long = ["a b c " * 20]
    view = capture(
        folder, long, layers=LAYER, reduce="each", inputs=TextInputs(max_length=6)
    )
    assert len(view.entities) == 4


def test_layers_of_a_folder(folder: Path) -> None:
    table = layers(folder, TEXTS, inputs=TextInputs())
    (row,) = (row for row in table if row.layer == LAYER)
    assert (row.kind, row.n_units, row.reduce) == ("Linear", 12, "mean")
    notes = {row.layer: row.note for row in table}
    assert notes["encoder.layer"] == "does not run"


def test_a_model_output_has_keys(folder: Path) -> None:
    view = capture(
        folder, TEXTS, layers="encoder", item="last_hidden_state", reduce="cls",
        inputs=TextInputs(),
    )  # fmt: skip
    assert view.names[0] == "encoder:0|cls"
    with pytest.raises(CaptureError, match=r"BaseModelOutput.* has no 'logits'"):
        capture(
            folder, TEXTS, layers="encoder", item="logits", reduce="cls",
            inputs=TextInputs(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("data", "column", "message"),
    [
        (["a", " "], "", "Entity 1 of 2 is empty"),
        (["a", None], "", "Entity 1 of 2 is a NoneType"),
        ([1, 2], "", "Entity 0 of 2 is a int"),
        ({"text": ["a"]}, "txt", "no column 'txt'"),
        ([{"text": "a"}], "txt", "no column 'txt'"),
    ],
)
def test_what_is_no_text(folder: Path, data: Any, column: str, message: str) -> None:  # noqa: ANN401
    with pytest.raises(CaptureError, match=message):
        capture(folder, data, layers=LAYER, reduce="mean", inputs=TextInputs(column=column))


def test_texts_without_a_maker_are_explained(folder: Path) -> None:
    with pytest.raises(CaptureError, match=r"give inputs=redescribe\.TextInputs"):
        capture(folder, TEXTS, layers=LAYER, reduce="mean", ids=["x", "y", "z"])


@pytest.mark.parametrize("source", ["hf:nobody/nothing-like-this", "hf:./nowhere"])
def test_nothing_is_downloaded(source: str) -> None:
    with pytest.raises(CaptureError, match="Nothing is downloaded unless asked"):
        capture(source, TEXTS, layers=LAYER, inputs=TextInputs())


def test_a_processor_makes_inputs_of_anything() -> None:
    model = torch.nn.Sequential(torch.nn.ReLU())
    rows = [{"image": [1.0, -2.0]}, {"image": [-3.0, 4.0]}]
    maker = ProcessorInputs(
        processor=lambda images: {"input": np.array(images, np.float32)}, column="image"
    )
    view = capture(model, rows, layers="0", inputs=maker, batch_size=1)
    np.testing.assert_array_equal(view.values, [[1, 0], [0, 4]])
    broken = ProcessorInputs(
        processor=lambda images: {"input": np.zeros((5, 2), np.float32)}, column="image"
    )
    with pytest.raises(CaptureError, match="5 rows for the 2 items of batch 0"):
        capture(model, rows, layers="0", inputs=broken)


def test_a_tokeniser_without_padding_pads_with_its_end(folder: Path) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    want = capture(
        folder, TEXTS, layers=LAYER, reduce="mean", inputs=TextInputs(tokenizer=tokenizer)
    )
    tokenizer.pad_token = None
    with pytest.raises(CaptureError, match=r"Set tokenizer\.pad_token"):
        capture(
            folder, TEXTS, layers=LAYER, reduce="mean",
            inputs=TextInputs(tokenizer=tokenizer),
        )  # fmt: skip
    tokenizer.eos_token = "[SEP]"  # noqa: S105 - a token of text
    got = capture(
        folder, TEXTS, layers=LAYER, reduce="mean", inputs=TextInputs(tokenizer=tokenizer)
    )
    np.testing.assert_allclose(got.values, want.values, atol=1e-6)
    assert tokenizer.pad_token is None
