"""Images and texts find their entities; those that pages show first go last."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.report import examples, pages

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.view import View
from redescribe.errors import EntityMismatchError, ReadError, UnknownNameError, ViewError
from redescribe.report.examples import order_of_examples, seeded_sample
from redescribe.report.media import Media
from redescribe.report.media_blocks import LONGEST_TEXT, text_blocks
from redescribe.report.write import report_of_run
from redescribe.study.study import Study

if TYPE_CHECKING:
    from pathlib import Path

pillow = pytest.importorskip("PIL.Image", reason="Pillow is missing")

N = 60


def shades(n: int = N) -> np.ndarray:
    """Images whose brightness tells their number."""
    return np.repeat(np.arange(n, dtype=np.uint8) * 4, 64).reshape(n, 8, 8)


def unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, media: Media, budget: int = 10**7
) -> tuple[pages.Unpacked, tuple[object, ...]]:
    pages.use_front_end(monkeypatch)
    run = pages.stored(tmp_path / "run", examples.dataset())
    path = tmp_path / "r.html"
    report = report_of_run(run, path, budget=budget, media=media)
    return pages.Unpacked(path.read_text(encoding="utf-8")), report.cuts


def pictures_of(page: pages.Unpacked) -> dict[int, int]:
    """Position of an entity -> the brightness of its picture."""
    index = np.frombuffer(page.blocks["pictures-index"], "<u4").tolist()
    found: dict[int, int] = {}
    for number in range(-(-page.meta["media"]["pictures"] // 64)):
        content = page.blocks[f"pictures-{number}"]
        n = int(np.frombuffer(content[:4], "<u4")[0])
        sizes = np.frombuffer(content[4 : 4 + 4 * n], "<u4").tolist()
        position = 4 + 4 * n
        for i, size in enumerate(sizes):
            with pillow.open(BytesIO(content[position : position + size])) as image:
                found[index[64 * number + i]] = image.convert("RGB").getpixel((3, 3))[0]
            position += size
    return found


def test_the_pictures_of_a_page_are_those_of_its_entities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = Media.of(examples.dataset(), images=shades())
    page, cuts = unpacked(tmp_path, monkeypatch, media)
    found = pictures_of(page)
    # WebP may change a shade by one.
    assert {i: round(shade / 4) for i, shade in found.items()} == {i: i for i in range(N)}
    assert (page.meta["media"]["pictures"], page.meta["media"]["texts"], cuts) == (N, 0, ())


def test_over_the_budget_pictures_go_before_texts_and_before_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = examples.dataset()
    noise = np.random.default_rng(0).integers(0, 256, (N, 20, 20, 3), np.uint8)
    media = Media.of(data, images=noise, texts=[f"text {i}" for i in range(N)])
    whole, _ = unpacked(tmp_path / "whole", monkeypatch, media)
    full = (tmp_path / "whole" / "r.html").stat().st_size
    page, cuts = unpacked(tmp_path / "less", monkeypatch, media, full - 20_000)
    assert cuts == ({"what": "pictures", "shown": 0, "total": N},)
    assert page.meta["media"]["pictures"] == 0
    assert page.meta["media"]["texts"] == N
    assert set(whole.blocks) - set(page.blocks) == {"pictures-0"}
    _, cuts = unpacked(tmp_path / "least", monkeypatch, media, 1)
    assert [cut["what"] for cut in cuts][:2] == ["pictures", "texts"]  # type: ignore[index]


def test_a_study_takes_an_array_and_a_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.use_front_end(monkeypatch)
    run = pages.stored(tmp_path / "run", examples.dataset())
    study = Study.open(run.path)
    path = study.report(tmp_path / "r.html", images=shades(), texts=["a"] * N)
    media = pages.Unpacked(path.read_text(encoding="utf-8")).meta["media"]
    assert (media["pictures"], media["texts"]) == (N, N)
    with pytest.raises(EntityMismatchError, match="Got 59 texts where 60"):
        study.report(texts=["a"] * (N - 1))
    assert not (run.path / "report.html").exists()


def test_texts_are_whole_up_to_a_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["<b>" * 9000 if i == 5 else f"text {i}" if i % 2 else None for i in range(N)]
    media = Media.of(examples.dataset(), texts=texts)
    assert media.pictures is None
    page, _ = unpacked(tmp_path, monkeypatch, media)
    assert page.meta["media"]["texts"] == N // 2
    order = order_of_examples(examples.assessed(examples.dataset()), examples.dataset())
    blocks = text_blocks(media.texts, order)
    assert blocks.n_entities == N // 2
    content = json.loads(page.blocks["texts-0"])
    index = np.frombuffer(page.blocks["texts-index"], "<u4").tolist()
    found = dict(zip(index, content, strict=True))
    assert found[7] == ["text 7", 6]
    assert found[5] == [("<b>" * 9000)[:LONGEST_TEXT], 27_000]


def named(*ids: str) -> Dataset:
    entities = EntityIndex(ids)
    values = np.arange(len(ids), dtype=float)[None]
    views = [View.of(name, values.T, entities=entities) for name in "xy"]
    return Dataset.of(views, SplitParams(hold_out=0))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three images in two folders."""
    for i, name in enumerate(["cat/a.png", "cat/b.png", "dog/c.png"]):
        path = tmp_path / "pets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pillow.fromarray(np.full((4, 4, 3), 50 * i, np.uint8)).save(path)
    return tmp_path / "pets"


@pytest.mark.parametrize(
    "ids",
    [
        ("dog/c.png", "cat/a.png", "cat/b.png"),
        ("dog/c", "cat/a", "cat/b"),
        ("c.png", "a.png", "b.png"),
        ("c", "a", "b"),
    ],
)
def test_files_are_called_by_their_path_or_a_part_of_it(
    folder: Path, ids: tuple[str, ...]
) -> None:
    found = Media.of(named(*ids), images=folder).pictures
    assert found is not None
    assert [found.image(found.numbers[i])[0, 0, 0] for i in range(3)] == [100, 0, 50]


def test_entities_without_a_picture_are_counted(folder: Path) -> None:
    data = named("a", "b", "x", "y")
    with pytest.raises(EntityMismatchError, match=r"2 of the 4 .* image: 'x', 'y'\. The 3"):
        Media.of(data, images=folder)
    found = Media.of(data, images=folder, missing=True).pictures
    assert found is not None
    assert set(found.numbers) == {0, 1}
    with pytest.raises(EntityMismatchError, match=r"5 of the 5 .* Give the images the ids"):
        Media.of(named(*"vwxyz"), images=folder, missing=True)


def test_two_files_of_one_name_are_nobodys(folder: Path) -> None:
    (folder / "dog/a.png").write_bytes((folder / "dog/c.png").read_bytes())
    with pytest.raises(EntityMismatchError, match=r"1 of the 3 .* image: 'a'"):
        Media.of(named("a", "b", "c"), images=folder)


def test_arrays_are_joined_by_number_or_by_their_ids(tmp_path: Path) -> None:
    images = shades(3)
    np.savez(tmp_path / "a.npz", test=images, ids=["c", "a", "b"])
    found = Media.of(named("a", "b", "c"), images=f"{tmp_path}/a.npz:test").pictures
    assert found is not None
    assert [found.image(found.numbers[i])[0, 0, 0] for i in range(3)] == [4, 8, 0]
    np.save(tmp_path / "a.npy", images[..., None] / 255)
    found = Media.of(named("2", "0"), images=tmp_path / "a.npy").pictures
    assert found is not None
    assert found.image(found.numbers[0])[0, 0, 0] == pytest.approx(8 / 255)
    np.save(tmp_path / "b.npy", images[..., None].astype(np.float32) - 3)
    found = Media.of(named("2", "0"), images=tmp_path / "b.npy").pictures
    assert found is not None
    with pytest.raises(ViewError, match="floats must be from 0 to 1"):
        found.image(0)


def test_columns_of_a_view_may_be_pixels() -> None:
    entities = EntityIndex.numbered(2)
    pixels = np.array([[0.0, 2.0, 4.0, 8.0], [8.0, 8.0, 0.0, np.nan]])
    views = [
        View.of("pixels", pixels, entities=entities),
        View.of("others", np.ones((2, 5)), entities=entities),
    ]
    data = Dataset.of(views, SplitParams(hold_out=0))
    found = Media.of(data, images="pixels").pictures
    assert found is not None
    np.testing.assert_array_equal(found.image(0), [[0, 0.25], [0.5, 1]])
    with pytest.raises(ViewError, match="It has 5 columns"):
        Media.of(data, images="others")
    with pytest.raises(UnknownNameError, match="Did you mean 'pixels'"):
        Media.of(data, images="pixel")


def test_texts_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_text("key,title\na,one\nb,\nd,two\n")
    source = f"{path}:title"
    with pytest.raises(EntityMismatchError, match=r"1 of the 3 entities have no text: 'c'"):
        Media.of(named("a", "b", "c"), texts=source, id_column="key")
    data = named("a", "b", "c")
    media = Media.of(data, texts=source, id_column="key", missing=True)
    assert dict(media.texts) == {0: "one"}
    with pytest.raises(ReadError, match="names no column"):
        Media.of(data, texts=str(path))
    with pytest.raises(EntityMismatchError, match="Got 2 texts where 3"):
        Media.of(data, texts=["a", "b"])
    with pytest.raises(EntityMismatchError, match="Got 2 images where 3"):
        Media.of(data, images=shades(2))


def test_examples_that_pages_open_with_come_first() -> None:
    data = examples.dataset()
    found = examples.assessed(data)
    order = order_of_examples(found, data)
    assert sorted(order.tolist()) == list(range(N))
    redescription = found.findings[0].redescription
    supports = redescription.supports_on(data)
    own = redescription.queries[0]
    values = data.view(own.view).column(own.attributes[0])
    bits = supports[0].satisfied & supports[1].satisfied
    both = [i for i in range(N) if int(bits[0]) >> i & 1]
    expected = sorted(both, key=lambda i: -values[i])[:12]
    assert order[:12].tolist() == expected


def test_random_examples_are_those_of_the_front_end() -> None:
    # The same numbers stand in web/tests/media.test.ts.
    drawn = seeded_sample(np.arange(1000), 12, seed=1)
    assert drawn.tolist() == [3, 284, 430, 460, 494, 528, 615, 627, 722, 968, 981, 994]
    assert seeded_sample(np.arange(5), 12, seed=1).tolist() == [0, 1, 2, 3, 4]
