"""`redescribe attributes`: tables of texts and images that can be mined."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from pyarrow import parquet
from tests.cli.examples import findings, queries

from redescribe.core.grammar import parse_query
from redescribe.readers.tables import read

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine

N = 80


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Texts of two topics, one missing."""
    texts = [
        f"Oil prices rose in {1990 + i % 20}" if i % 2 else f"The team won game {i % 7}"
        for i in range(N)
    ]
    table = pd.DataFrame({"key": [f"n{i}" for i in range(N)], "title": texts})
    table.loc[3, "title"] = None
    table["topic"] = np.where(np.arange(N) % 2, "business", "sports")
    path = tmp_path / "news.csv"
    table.to_csv(path, index=False)
    return path


def test_texts_become_a_table_that_is_mined(
    cli: CommandLine, news: Path, tmp_path: Path
) -> None:
    words = tmp_path / "words.parquet"
    outcome = cli(
        *("attributes", "text", news, "--column", "title", "--id", "key", "-o", words),
        *("--pattern", r"year=\b(19|20)\d\d\b", "--class", "trade=oil,gas"),
        *("--tokens", "4"),
    )
    assert outcome.status == 0, outcome.err
    view = read(words, id_column="id")
    assert outcome.out == (
        f"{N} entities, 1 of them missing; {len(view.names)} attributes written to "
        f"{words}\n"
    )
    assert {"has_year", "n_year", "n_trade"} <= set(view.names)
    assert len([name for name in view.names if name.startswith("mentions_")]) == 4
    labels = tmp_path / "labels.csv"
    table = pd.read_csv(news).rename(columns={"key": "id"})
    table[["id", "topic"]].to_csv(labels, index=False)
    run = tmp_path / "run"
    outcome = cli(
        *("mine", "--view", f"labels={labels}", "--view", f"words={words}"),
        *("--target", "labels", "-o", run, "--quiet"),
    )
    assert outcome.status == 0, outcome.err
    table = findings(run)
    assert table["jaccard"].max() == 1
    asked = [parse_query(text, "words") for text in queries(table, "words")]
    assert {name for query in asked for name in query.attributes} <= set(view.names)


def test_counts_as_json(cli: CommandLine, news: Path, tmp_path: Path) -> None:
    words = tmp_path / "new" / "words.parquet"
    arguments: list[str | Path] = [
        "text",
        news,
        "--column",
        "title",
        "--tokens",
        "0",
        "-o",
        words,
    ]
    outcome = cli("attributes", *arguments, "--json")
    assert json.loads(outcome.out) == {
        "entities": N,
        "attributes": len(parquet.read_schema(words).names) - 1,
        "missing_entities": 1,
        "output": str(words),
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--pattern", "year"], "--pattern 'year' is not of the form NAME=REGEX"),
        (["--pattern", "a=x", "--pattern", "a=y"], "the name is taken"),
        (["--pattern", "a=("], "Pattern 'a' is no regular expression"),
        (["--class", "=x"], "--class '=x' is not of the form NAME=WORD,WORD"),
        (["--tokens", "-1"], "'n_tokens' parameter"),
        (["-o", "words.csv"], "does not end in .parquet"),
    ],
)
def test_bad_options(
    cli: CommandLine, news: Path, arguments: list[str], message: str
) -> None:
    outcome = cli("attributes", "text", news, "--column", "title", *arguments)
    assert outcome.status == 2
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


def test_arrays_of_images(cli: CommandLine, tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (5, 3, 6, 6), np.uint8)
    source = tmp_path / "pictures.npz"
    np.savez(source, test=images, labels=np.arange(5))
    output = tmp_path / "picture.parquet"
    outcome = cli(
        *("attributes", "images", f"{source}:test", "-o", output, "--layout", "nchw"),
        *("--grid", "2", "--pooled", "3"),
    )
    assert outcome.status == 0, outcome.err
    view = read(output)
    assert {"brightness_top_left", "pixel_r3_c3", "red"} <= set(view.names)
    assert view.entities.ids == ("0", "1", "2", "3", "4")
    np.save(tmp_path / "a:b.npy", images)
    assert cli("attributes", "images", tmp_path / "a:b.npy", "-o", output).status == 0


def test_a_folder_of_images_with_labels(cli: CommandLine, tmp_path: Path) -> None:
    for name in ("cat/a.png", "dog/b.png"):
        path = tmp_path / "pets" / name
        path.parent.mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(path)
    output, labels = tmp_path / "picture.parquet", tmp_path / "labels.parquet"
    source: list[str | Path] = ["attributes", "images", tmp_path / "pets", "-o", output]
    assert cli(*source, "--labels", labels).status == 0
    assert read(output).entities == read(labels).entities
    assert read(labels).attributes[0].categories == ("cat", "dog")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.npz"], "There is no file"),
        (["a.npz:x"], "There is no file 'a.npz'"),
        (["one.npy", "--layout", "nwh"], "There is no layout 'nwh'. Did you mean 'nhw'"),
        (["one.npy", "--labels", "l.parquet"], "--labels needs a folder"),
        (["one.npy", "--labels", "l.csv"], "does not end in .parquet"),
        (["one.npy", "--grid", "9"], "'grid' parameter is 9, more parts"),
    ],
)
def test_bad_images(
    cli: CommandLine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("one.npy", np.zeros((1, 4, 4)))
    outcome = cli("attributes", "images", *arguments)
    assert outcome.status == 2
    assert message in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["one.npy"]
