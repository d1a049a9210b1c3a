"""Shards divide the chunks: each belongs to one, whatever their number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.errors import ParameterError
from redescribe.executors.shards import Shard


@given(n_shards=st.integers(1, 300), chunk=st.integers(0, 10**6))
def test_each_chunk_belongs_to_one_shard(n_shards: int, chunk: int) -> None:
    owners = [n for n in range(n_shards) if Shard(n, n_shards).takes(chunk)]
    assert owners == [chunk % n_shards]


@pytest.mark.parametrize("text", ["0/1", "63/64"])
def test_the_text_comes_back(text: str) -> None:
    assert str(Shard.parse(text)) == text


@pytest.mark.parametrize("text", ["", "1", "1/", "/3", "-1/3", "1/3/4", "1.0/3", "a/b"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="written as i/n"):
        Shard.parse(text)


@pytest.mark.parametrize("text", ["3/3", "4/3", "0/0"])
def test_numbers_start_at_zero(text: str) -> None:
    with pytest.raises(ParameterError, match=f"There is no shard {text}"):
        Shard.parse(text)
