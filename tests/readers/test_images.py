"""Attributes of images, worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from redescribe.core.notation import format_name
from redescribe.errors import EntityMismatchError, ParameterError, ViewError
from redescribe.readers import images as module
from redescribe.readers.images import image_attributes

Array = np.ndarray[Any, np.dtype[Any]]

RED, GREEN, BLUE = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
CYAN, YELLOW, MAGENTA = (0.0, 1.0, 1.0), (1.0, 1.0, 0.0), (1.0, 0.0, 1.0)
GREY = (0.5, 0.5, 0.5)


def of(image: object, **options: Any) -> dict[str, float]:  # noqa: ANN401 - as they are
    view = image_attributes(np.array([image]), **options)
    values = view.values[:, 0].tolist()
    return dict(zip(view.names, values, strict=True))


def random_images(*shape: int) -> Array:
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def test_light_and_form_by_hand() -> None:
    found = of([[0.0, 1.0, 0.0, 1.0]] * 4, grid=0)
    assert found == pytest.approx(
        {
            "brightness": 0.5,
            "contrast": 0.5,
            "share_of_dark_pixels": 0.5,
            "share_of_bright_pixels": 0.5,
            "entropy": 1,
            "horizontal_edges": 0,
            "vertical_edges": 1,
            "left_right_symmetry": 0,
            "top_bottom_symmetry": 1,
            "centre_minus_border": 0,
        }
    )
    spot = np.zeros((4, 4))
    spot[1:3, 1:3] = 0.8
    assert of(spot)["centre_minus_border"] == pytest.approx(0.8)


def test_colour_by_hand() -> None:
    found = of([[RED, CYAN], [YELLOW, GREY]], grid=0)
    assert [found[name] for name in ("red", "green", "blue")] == [0.625, 0.625, 0.375]
    assert found["brightness"] == pytest.approx((0.299 + 0.701 + 0.886 + 0.5) / 4)
    assert found["saturation"] == 0.75
    assert (found["share_of_warm_colours"], found["share_of_cold_colours"]) == (0.5, 0.25)
    shares = {name: value for name, value in found.items() if value == 0.25}
    assert set(shares) >= {"share_of_reds", "share_of_yellows", "share_of_cyans"}
    others = ("share_of_greens", "share_of_blues", "share_of_magentas")
    assert [found[name] for name in others] == [0, 0, 0]


@pytest.mark.parametrize(
    ("colour", "name", "warm"),
    [
        (RED, "reds", 1),
        (YELLOW, "yellows", 1),
        (GREEN, "greens", 0),
        (CYAN, "cyans", 0),
        (BLUE, "blues", 0),
        (MAGENTA, "magentas", 1),
        ((1.0, 0.0, 0.4), "reds", 1),
    ],
)
def test_each_hue(colour: tuple[float, ...], name: str, warm: int) -> None:
    found = of([[colour, colour], [colour, colour]], grid=0)
    assert found[f"share_of_{name}"] == 1
    assert found["share_of_warm_colours"] == warm
    assert found["share_of_cold_colours"] == 1 - warm


def test_patches_and_pooled_pixels_by_hand() -> None:
    image = np.arange(25).reshape(5, 5) / 25
    found = of(image, grid=2, pooled=2)
    # Cells begin at 0 and 2: 2 × 2, 2 × 3, 3 × 2 and 3 × 3 pixels.
    assert found["brightness_top_left"] == pytest.approx((0 + 1 + 5 + 6) / 4 / 25)
    right = np.array([13, 14, 12, 17, 18, 19, 22, 23, 24]) / 25
    assert found["brightness_bottom_right"] == pytest.approx(right.mean())
    assert found["contrast_bottom_right"] == pytest.approx(right.std(), abs=1e-6)
    assert found["pixel_r2_c2"] == found["brightness_bottom_right"]
    assert of(image, grid=0, pooled=5)["pixel_r3_c4"] == pytest.approx(13 / 25)


@pytest.mark.parametrize(
    ("grid", "names"),
    [
        (1, ["r1_c1"]),
        (2, ["top_left", "top_right", "bottom_left", "bottom_right"]),
        (
            3,
            [
                *("top_left", "top", "top_right", "left", "middle", "right"),
                *("bottom_left", "bottom", "bottom_right"),
            ],
        ),
    ],
)
def test_names_of_patches(grid: int, names: list[str]) -> None:
    found = image_attributes(random_images(1, 6, 6), grid=grid).names
    prefix = "brightness_"
    assert [n.removeprefix(prefix) for n in found if n.startswith(prefix)] == names


def test_names_are_bare_and_distinct() -> None:
    names = image_attributes(random_images(2, 9, 8, 3), grid=4, pooled=8).names
    assert "brightness_r4_c1" in names
    assert "blue_r1_c4" in names
    assert len(set(names)) == len(names)
    assert all(format_name(name) == name for name in names)


def test_grey_and_colour_agree_and_so_do_layouts_and_types() -> None:
    grey = random_images(5, 7, 8)
    colour = np.repeat(grey[..., None], 3, axis=3)
    of_grey = image_attributes(grey, pooled=4)
    of_colour = image_attributes(colour, pooled=4)
    rows = [of_colour.position(name) for name in of_grey.names]
    np.testing.assert_array_equal(of_grey.values, of_colour.values[rows])
    assert of_colour.column("saturation").tolist() == [0] * 5
    assert of_colour.column("share_of_warm_colours").tolist() == [0] * 5

    images = random_images(5, 7, 8, 3)
    expected = image_attributes(images).values
    first = np.ascontiguousarray(np.moveaxis(images, -1, 1))
    for other in (first, images / 255, (images / 255).astype(np.float32)):
        np.testing.assert_allclose(image_attributes(other).values, expected, atol=2e-6)
    channel = image_attributes(grey[:, None])
    np.testing.assert_array_equal(channel.values, image_attributes(grey).values)


def test_permuting_images_permutes_columns_and_blocks_do_not_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    images = random_images(9, 6, 7, 3)
    expected = image_attributes(images, grid=2, pooled=3)
    order = np.random.default_rng(1).permutation(9)
    for pixels in (1, 3 * 42, 4 * 42):
        monkeypatch.setattr(module, "_BLOCK_PIXELS", pixels)
        again = image_attributes(images[order], ids=order.tolist(), grid=2, pooled=3)
        assert again.entities.ids == tuple(map(str, order))
        np.testing.assert_array_equal(again.values, expected.values[:, order])


def test_constant_images_have_no_contrast_nor_edges() -> None:
    for value in (0, 77, 255):
        found = of(np.full((6, 6, 3), value, np.uint8))
        zeros = {n: v for n, v in found.items() if n.startswith(("contrast", "share_of_y"))}
        assert set(zeros.values()) == {0}
        assert found["entropy"] == found["vertical_edges"] == 0
        assert math.copysign(1, found["entropy"]) == 1
        assert found["left_right_symmetry"] == 1


def test_a_row_of_pixels_has_no_horizontal_edges() -> None:
    found = of([[0.0, 0.5, 1.0]], grid=0, layout="nhw")
    assert math.isnan(found["horizontal_edges"])
    assert found["vertical_edges"] == 0.5
    assert math.isnan(found["centre_minus_border"])


def test_an_image_with_a_missing_pixel_is_missing() -> None:
    for shape in ((3, 6, 6), (3, 6, 6, 3)):
        images = random_images(*shape) / 255
        images[1, 2, 2] = np.nan
        view = image_attributes(images, pooled=2)
        assert np.isnan(view.values[:, 1]).all()
        assert not np.isnan(view.values[:, [0, 2]]).any()


def test_truth_values_are_black_and_white() -> None:
    assert of(np.eye(4, dtype=np.bool_), grid=0)["brightness"] == 0.25


@pytest.mark.parametrize("shape", [(4, 3, 8, 3), (4, 1, 8, 1), (4, 5, 3), (4, 5, 1)])
def test_ambiguous_shapes_are_errors(shape: tuple[int, ...]) -> None:
    with pytest.raises(ViewError, match=r"may mean two things.*layout="):
        image_attributes(np.zeros(shape), grid=0)
    layout = "nchw" if len(shape) == 4 else "nhw"
    assert len(image_attributes(np.zeros(shape), grid=0, layout=layout).entities) == 4


@pytest.mark.parametrize(
    ("images", "options", "message"),
    [
        (np.zeros((2, 4, 4), np.int64), {}, "of type int64: give uint8"),
        (np.zeros((4, 4)), {}, r"the shape \(4, 4\): give"),
        (np.zeros((2, 4, 4, 4)), {}, "1 or 3 channels"),
        (np.zeros((2, 4, 4, 4)), {"layout": "nhwc"}, "have 4 channels"),
        (np.zeros((2, 4, 4)), {"layout": "nchw"}, "which is not 'nchw'"),
        (np.zeros((0, 4, 4)), {}, "nothing on them"),
        (np.full((2, 4, 4), 16.0), {}, "from 16 to 16: floats must be from 0 to 1"),
        (np.full((2, 4, 4), -0.1), {}, "from -0.1 to -0.1"),
        (np.full((2, 4, 4), np.inf), {}, "from inf to inf"),
    ],
)
def test_what_is_no_image(images: Array, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ViewError, match=message):
        image_attributes(images, **options)


@pytest.mark.parametrize("option", ["grid", "pooled"])
def test_parts_must_fit(option: str) -> None:
    with pytest.raises(ParameterError, match=f"'{option}' parameter must be 0 or more"):
        image_attributes(random_images(1, 5, 4), **{option: -1})  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match=f"'{option}' parameter is 5, more parts"):
        image_attributes(random_images(1, 5, 4), **{option: 5})  # type: ignore[arg-type]


def test_ids_must_fit() -> None:
    with pytest.raises(EntityMismatchError, match="Got 3 ids for 2 images"):
        image_attributes(random_images(2, 4, 4), ids=["a", "b", "c"])
