"""Readers of what strangers send end in a value or in an error of ours, and soon."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import decompress

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from tests.fuzz.targets import TARGETS, survives

from redescribe.readers.tables import read
from redescribe.store.files import read_parquet

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
PIECES = [
    *(b"\x00", b"\xff", b'"', b"'", b"{", b"}", b"(", b")", b",", b"\n", b"\r", b"\\"),
    *(b"?", b"nan", b"inf", b"-1", b"1e999", b"99999999999999999999", b"[", b"]", b"="),
    *("é".encode(), "\u2028".encode(), b"\xed\xa0\x80", b"@data", b"null", b"NOT", b"%"),
]


@st.composite
def mutated(draw: st.DrawFn, seed: bytes) -> bytes:
    """The seed with some stretches replaced, repeated or removed."""
    content = seed
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(start + draw(st.integers(0, 12)), len(content))
        middle = draw(
            st.one_of(
                st.sampled_from(PIECES),
                st.binary(max_size=4),
                st.just(content[start:end] * 2),
                st.just(b""),
            )
        )
        content = content[:start] + middle + content[end:]
    return content


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.data())
def test_mutations_of_valid_inputs(name: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(TARGETS[name].seeds))
    survives(name, data.draw(mutated(seed)))


@pytest.mark.parametrize("name", TARGETS)
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)))
def test_random_bytes(name: str, content: bytes) -> None:
    survives(name, content)


@pytest.mark.parametrize("name", TARGETS)
def test_valid_inputs_are_read(name: str) -> None:
    """Else the mutations would all fail at their first byte."""
    assert survives(name, TARGETS[name].seeds[0]) is not None


def _npy(shape: str) -> bytes:
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
    padded = header.ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(padded).to_bytes(2, "little") + padded.encode()


def _npz(member: bytes, size: int) -> bytes:
    """An archive whose member unpacks to a header and so many zeros."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("values.npy", member + bytes(size))
    return archive.getvalue()


def _parquet_of_bytes(text: bytes) -> bytes:
    """A table whose first id is this text, UTF-8 or not."""
    seed = TARGETS["parquet"].seeds[0]
    plain = parquet.read_table(BytesIO(seed))
    table, place = BytesIO(), b"\x01\x00\x00\x00"
    parquet.write_table(plain, table, compression="NONE")
    whole = table.getvalue()
    return whole.replace(place + b"a", place + text, 1)


ROWS_THAT_ARE_NOT_THERE = decompress(
    b64decode(
        "eNqVkjtPAkEQx2fXywUJhRh2s5tcQaEXTRDFCBpDYuYQHxEVicZodyBBCgXxAYWlpR/IgtIvYWdlYmdn"
        "5WN3D8GojVPszs7s/P4zt1fEUopZLMZEQW0wChAeIwDg66XMgI0ynlCZEWYz28nABCkL4kejKjscp2q1"
        "CBmi5kKswKghhBww9rL0s16EvjIDj9OJP6LfFIYIocAsmU2DsM8rx9UTn1nAIuNU0PrROBS0HAurI+kA"
        "t6QjEy44LCLTYI9IfYdRbvFrfkPcrBv6PoTUrQFTeFAdUsiqclu6YCmiZoR7DNIxiC7h98TtEveW/G+U"
        "XzqTSoXq4fgd5e8Pr8/zbx9PjohgqbS9vxgMKR7JtLYMatvBwDYQ2+jVcAWxhrmaiXke4qZ2cojrJjDY"
        "MXC9fP+8taugC8rJLwdBA8lj37TrzSEeaN6q3rHHUZk9ratK1nQfpi+vX7fyN8/oNw8D/fxgFEQQ8abf"
        "OrusXkxVms0pv9VqtONX1dZ5vXEan80kZ5IpmVDPq19Yf66i+ls/AURCfVY="
    )
)
"""A table of two rows, of which a row group says that it has 7,493,056,127."""
LEVELS_THAT_DO_NOT_FIT = decompress(
    b64decode(
        "eNqVks1OAjEQx6dls0HCAQlt2mQPe5CNJogfEaOGxMwiqBG/iMbobUGCHhRcVDh49OgDeeDowcfwEXwE"
        "2y4CUS/OoZ2d6fz+M9seYW2JWSzDRFVtkAZIzBAACPRSZ8DSjOdUJsVsZjurMEvqggTT0yo75VK1WoTE"
        "qDmQqTJqCHEHjH1u/qwX8e/M2ON09o/ohEKMEArMksUCCLvbuGreBMwClsxSQa8vs1DVciyR9QXpA7ek"
        "I3MeOCwpC2CnpD7DKLf4E38mXtGLTw4hdWvAFB5UhxSKqtyWHliKqBmJIYP0DWJA+BvxBsR7If8b5ZfO"
        "nFKhejj+qsBenL9TkI5IYq12eLYRDSk+yIK2VdR2jJHtIfbQb2EFsYWllon5PuK+dkqIuyYw3jFy/fLo"
        "++BEQdeUU96KggZSxpFp119BPNe8bb3jkKMyp1pXlezoPkxf/qiu8jfP6HcuIv3yeBREEG4nCO8emvfz"
        "jU5nPgjDds99bIbd6/atu76cX8wvyZy6Xn3D+ncdqdf6BSiNd/Q="
    )
)
"""A column of the table whose histogram of levels has another size than its levels."""
A_COLUMN_LESS = decompress(
    b64decode(
        "eNqNkr1OAkEQx2eXy+UkFGLYzW5yBYVeNEGURImJJGQO8SOiQaOFdgcSpDAifkBhaekDWVBa+Bg+Ao/g"
        "7IKHUQqn2J2dufn9Z263jqcF4YiMUDXaYAEgucgAIDJLQ4BYEDJHmXnhCtcvwjJrKBal05Sdy3JaHcYS"
        "3H6QqQluCZ4P1kbl3/XK+85MPcmX/0TLPwQSjHEQji5tgnLvm9etm0g4IFJLXPHtqyWoGbVMko5sANLR"
        "vs4F4IuU3gR3XiveuRJcOvJZvrCgFHh+sRDPoE1nIAgP1CCHEpW7OgCHiIaRnDDYwCKGTL6zYMiCV/bv"
        "SUblWTorpMLNcPKNwIEnPzhoX6UQJkZDqk+2ZqyIxk5wbIeIfQzbuIvYxkrbxsIQ8cg4FcQDG5juOHbD"
        "anw+PiPoFjnVnXHQQqoYm3HDDcQLw9szO044lDk3ulSyb/qwfYVx3e5sntXvXo71q9NREEFlu1Hv7rH1"
        "sNrsdlej3m0/+9Tq3XeK+fV8QefoZs3lmj9Vp3f6BTGicmA="
    )
)
"""The table says that it has two columns, and its batches have one."""
MILLION = 10**6
PATHOLOGICAL: dict[str, tuple[str, bytes]] = {
    "deep brackets of a query": ("query", b"(" * MILLION),
    "deep NOT of a query": ("query", b"NOT (" * 100_000),
    "a query of many literals": ("query", b"(a > 1" + b" AND a > 1" * 20_000 + b")"),
    "a name of a million characters": ("query", b"a" * MILLION + b" > 1"),
    "an open quotation of a million": ("query", b'"' + b"\\" * MILLION),
    "blanks of a query": ("query", b"a" + b" " * MILLION + b"\x00"),
    "a line of CSV": ("csv", b"id,a\n1," + b"x" * MILLION),
    "a header of many columns": ("csv", b",".join(b"c%d" % i for i in range(50_000))),
    "an open quotation of CSV": ("csv", b'id,a\n1,"' + b"x,\n" * 300_000),
    "a line of ARFF": (
        "arff",
        b"@relation r\n@attribute a numeric\n@data\n" + b"1" * MILLION,
    ),
    "an open quotation of ARFF": ("arff", b"@relation '" + b"x" * MILLION),
    "many categories": ("arff", b"@relation r\n@attribute a {" + b"x," * 300_000),
    "a sparse row far out": (
        "arff",
        b"@relation r\n@attribute a numeric\n@data\n{999999999999 1}\n",
    ),
    "blanks of ARFF": ("arff", b"@attribute" + b" " * MILLION + b"\x00\n@data\n"),
    "a line of .rr": ("rr", b"Rules:\n" + b"(" * MILLION),
    "deep brackets of TOML": ("toml", b"a = " + b"[" * 100_000),
    "deep tables of TOML": ("toml", b"[" + b"a." * 20_000 + b"a]"),
    "deep braces of TOML": ("toml", b"a = " + b"{a=" * 20_000),
    "a long integer of TOML": ("toml", b"[study]\nseed = " + b"9" * 10_000),
    "deep brackets of JSON": ("run", b'{"a": ' + b"[" * 200_000),
    "a long integer of JSON": ("run", b'{"a": ' + b"9" * 100_000 + b"}"),
    "a huge shape": ("npy", _npy("(1000000000, 1000000)")),
    "a shape beyond integers": ("npy", _npy(f"({10**30}, 2)")),
    "a negative shape": ("npy", _npy("(-5, 2)")),
    "a huge stored shape": ("stored array", _npy("(1000000000, 1000000)")),
    "deep brackets of a shape": ("npy", _npy("(" * 90)),
    "a huge shape in an archive": ("npz", _npz(_npy("(1000000000, 100000)"), 10)),
    "rows that are not there": ("parquet", ROWS_THAT_ARE_NOT_THERE),
    "stored rows that are not there": ("stored table", ROWS_THAT_ARE_NOT_THERE),
    "an archive that asks for 4 GB": (
        "npz",
        _npz(_npy("(500000000,)"), 400 * MILLION),
    ),
}
REGRESSIONS: list[tuple[str, bytes]] = [
    # Found by mutations: numpy parses the header of an array as Python text.
    ("npy", _npy("(3, 3").replace(b"{", b"")),
    ("stored array", _npy("(, 'shape': (3, 3)")),
    ("stored array", _npy("(3,\x00)")),
    # Found by atheris: a text of Parquet that is no UTF-8.
    ("parquet", _parquet_of_bytes(b"\x99")),
    # Found by atheris: whoever asks Arrow for the metadata of such a column is ended.
    *((name, LEVELS_THAT_DO_NOT_FIT) for name in ("parquet", "stored table")),
    *((name, A_COLUMN_LESS) for name in ("parquet", "stored table")),
    # An archive whose member has the name of an array, and is none.
    ("npz", _npz(b"no array", 0)),
]


@pytest.mark.parametrize(("name", "content"), REGRESSIONS)
def test_what_was_found_is_an_error_of_ours(name: str, content: bytes) -> None:
    assert survives(name, content) is None


def test_a_run_without_stages_has_none() -> None:
    """Found by atheris: its status asked for them."""
    run = {"encoding-type": "run", "encoding-version": "0.1", "parameters": {}}
    assert survives("run", json.dumps(run).encode()) == run


LIMITED = """
import json, resource, sys
from pathlib import Path
from zlib import decompress
from tests.fuzz.targets import survives

resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))
for name, path in json.loads(sys.stdin.read()):
    sys.stdout.write(path + chr(10))
    sys.stdout.flush()
    survives(name, Path(path).read_bytes())
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of posix")
def test_pathological_inputs_need_little_memory_and_time(tmp_path: Path) -> None:
    """All in one process with 4 GB of addresses; the last path printed is the culprit."""
    asked = []
    for number, (title, (name, content)) in enumerate(PATHOLOGICAL.items()):
        path = tmp_path / f"{number}-{title.replace(' ', '_')}"
        path.write_bytes(content)
        asked.append((name, str(path)))
    places = [str(ROOT / "src"), str(ROOT)]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(places)},
    )
    last = (done.stdout.splitlines() or ["none"])[-1]
    assert done.returncode == 0, f"{last}\n{done.stderr[-3000:]}"


@pytest.mark.parametrize("reader", [read, read_parquet])
def test_rows_that_are_not_there_take_no_memory(
    reader: Callable[[Path], object], tmp_path: Path
) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(ROWS_THAT_ARE_NOT_THERE)
    reader(path)
    assert pa.default_memory_pool().max_memory() < 2**30
