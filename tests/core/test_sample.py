"""The text form of a sample, and what a sample says of itself."""

from __future__ import annotations

import pytest

from redescribe.core.sample import SampleMethod, SampleRequest, TargetSample
from redescribe.errors import ParameterError
from redescribe.mining.params import MineParams

TEXTS = (
    "random:64",
    "layers:64",
    "stratified:64",
    "random:layer=64",
    "stratified:layer=64",
    "random:999999999999999999",
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_reads_back(text: str) -> None:
    request = SampleRequest.parse(text)
    assert request is not None
    assert str(request) == text
    assert request.per_layer == ("layer=" in text)
    assert MineParams(neurons=text).sample == request
    assert MineParams(neurons=request).neurons == text  # type: ignore[arg-type]


def test_all_is_no_sample() -> None:
    assert SampleRequest.parse("all") is None
    assert MineParams() == MineParams(neurons="all")
    assert MineParams().sample is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "64",
            "random",
            "random:",
            "random:0",
            "random:-1",
            "random:1.5",
            "random:01",
        ),
        *("randm:64", "layer=64", "layers:layer=64", "stratified:layers=64", "all:64"),
        *("random: 64", "random:64\n", "RANDOM:64", "random:٣", "random:" + "9" * 19),
    ],
)
def test_what_is_no_sample(text: str) -> None:
    with pytest.raises(ParameterError, match="'neurons' parameter of MineParams") as error:
        MineParams(neurons=text)
    assert str(error.value).endswith(f"Got {text!r} instead.")


@pytest.mark.parametrize(
    ("method", "per_layer", "words"),
    [
        (SampleMethod.RANDOM, False, "(random sample, seed 7)"),
        (SampleMethod.LAYERS, False, "(layer-balanced sample, seed 7)"),
        (SampleMethod.STRATIFIED, False, "(stratified sample, seed 7)"),
        (
            SampleMethod.STRATIFIED,
            True,
            "(stratified sample, at most 8 of each layer, seed",
        ),
    ],
)
def test_a_sample_in_words(method: SampleMethod, per_layer: bool, words: str) -> None:  # noqa: FBT001 - a parameter of the test
    sample = TargetSample(SampleRequest(method, 8, per_layer=per_layer), 7, 64, 1512)
    assert str(sample).startswith(f"64 of 1,512 targets {words}")
    assert f"Only a sample was explained: {sample}." in sample.caveat
