"""The cells of one line of an ARFF file: quotes, escapes, missing values."""

from __future__ import annotations

import re

from redescribe.errors import ReadError

SINGLE_QUOTED = r"'[^'\\]*(?:\\.[^'\\]*)*'"
DOUBLE_QUOTED = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_QUOTED = rf"{SINGLE_QUOTED}|{DOUBLE_QUOTED}"
_CELL = re.compile(rf"\s*(?P<cell>{_QUOTED}|[^,'\"\s][^,]*?|)\s*(?P<end>,|\Z)", re.DOTALL)
_DECLARED = re.compile(
    rf"\s*(?P<cell>{_QUOTED}|[^,}}'\"\s][^,}}]*?|)\s*(?P<end>,|\}})", re.DOTALL
)
_PAIR = re.compile(
    rf"\s*(?P<cell>\d+\s+(?:{_QUOTED})|(?!\d+\s+['\"])[^,]*?)\s*(?P<end>,|\Z)", re.DOTALL
)
_INDEX_AND_CELL = re.compile(r"(?P<index>\d+)\s+(?P<cell>.+)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def unquote(text: str) -> str:
    r"""Return a text without its quotes and escapes; an unquoted text is itself.

    >>> unquote("'it\\'s'"), unquote("plain")
    ("it's", 'plain')
    """
    if text[:1] not in {"'", '"'}:
        return text
    inner = text[1:-1]
    return _ESCAPE.sub(_unescaped, inner) if "\\" in inner else inner


def split_cells(line: str, *, where: str) -> list[str | None]:
    """Return the cells of a dense row; None where the cell is missing.

    Parameters
    ----------
    line
        A row without its line break. A cell that is empty or an unquoted `?` is missing.
    where
        What the line is called in a message.

    Raises
    ------
    ReadError
        If a quote is not closed or text follows a closing quote.

    Examples
    --------
    >>> split_cells("1.5, 'a, b', ?, '?'", where="line 1")
    ['1.5', 'a, b', None, '?']
    """
    if "'" not in line and '"' not in line:
        stripped = (cell.strip() for cell in line.split(","))
        return [cell if cell not in {"", "?"} else None for cell in stripped]
    return [_content(cell) for cell in _split(_CELL, line, where)]


def split_sparse(line: str, *, where: str) -> dict[int, str | None]:
    """Return the cells of a sparse row `{index cell, …}` by index, from 0.

    Raises
    ------
    ReadError
        If the braces, an index or a quote is wrong, or an index occurs twice.

    Examples
    --------
    >>> split_sparse("{1 3.5, 4 'a b'}", where="line 1")
    {1: '3.5', 4: 'a b'}
    """
    text = line.strip()
    if not text.endswith("}"):
        em = (
            f"{where} opens a sparse row that no '}}' closes: "
            f"{_excerpt(text)}. Complete it or remove it."
        )
        raise ReadError(em)
    inner = text[1:-1].strip()
    cells: dict[int, str | None] = {}
    for raw in _split(_PAIR, inner, where) if inner else []:
        match = _INDEX_AND_CELL.fullmatch(raw)
        if match is None:
            em = (
                f"{where} has {raw!r} in a sparse row: write the number of the "
                "attribute, a blank and its value."
            )
            raise ReadError(em)
        index = int(match["index"])
        if index in cells:
            em = f"{where} gives attribute {index} twice: remove one of them."
            raise ReadError(em)
        cells[index] = _content(match["cell"])
    return cells


def split_declared(text: str, *, where: str) -> list[str]:
    """Return the values of a nominal declaration, `{a, 'b c'}`.

    Raises
    ------
    ReadError
        If the list or a quote is not closed.

    Examples
    --------
    >>> split_declared("{I, 'II b'} % stages", where="line 1")
    ['I', 'II b']
    """
    return list(map(unquote, _split(_DECLARED, text.removeprefix("{"), where)))


def _split(cell: re.Pattern[str], text: str, where: str) -> list[str]:
    cells: list[str] = []
    position, end = 0, ","
    while end == ",":
        match = cell.match(text, position)
        if match is None:
            raise _broken(text[position:].lstrip(), where)
        cells.append(match["cell"])
        position, end = match.end(), match["end"]
    return cells


def _content(cell: str) -> str | None:
    return None if cell in {"", "?"} else unquote(cell)


def _broken(rest: str, where: str) -> ReadError:
    """What is wrong with a text that does not begin with a cell."""
    value = re.sub(r"^\d+\s+(?=['\"])", "", rest)
    if re.match(_QUOTED, value, re.DOTALL):
        return ReadError(
            f"{where} goes on after a closing quote: {_excerpt(value)}. Separate "
            "cells by commas, and write a quote inside quotes as \\'."
        )
    if value[:1] in {"'", '"'}:
        return ReadError(
            f"{where} has a quote that is never closed: {_excerpt(value)}. Close "
            "it, and write a quote inside quotes as \\'."
        )
    return ReadError(
        f"{where} has a list that no '}}' closes: {_excerpt(value)}. Complete it."
    )


def _excerpt(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def _unescaped(match: re.Match[str]) -> str:
    octal, unicode, letter = match.groups()
    if octal is not None:
        return chr(int(octal, 8))
    if unicode is not None:
        return chr(int(unicode, 16))
    return _CONTROL.get(letter, letter)
