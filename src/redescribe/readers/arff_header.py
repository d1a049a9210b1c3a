"""The header of an ARFF file: names and types of the attributes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from redescribe.errors import ReadError
from redescribe.readers.arff_cells import (
    DOUBLE_QUOTED,
    SINGLE_QUOTED,
    split_declared,
    unquote,
)


class ArffType(StrEnum):
    """What an ARFF file may declare; dates are declared but have no reader.

    >>> [kind.value for kind in ArffType]
    ['numeric', 'string', 'nominal', 'date']
    """

    NUMERIC = "numeric"
    STRING = "string"
    NOMINAL = "nominal"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class ArffAttribute:
    """One `@attribute` line.

    Parameters
    ----------
    name
        Without quotes.
    type
        `real` and `integer` are numeric.
    categories
        The declared values of a nominal attribute, in order; empty for other types.

    Examples
    --------
    >>> ArffAttribute("stage", ArffType.NOMINAL, ("I", "II")).categories
    ('I', 'II')
    """

    name: str
    type: ArffType
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArffHeader:
    """The attributes in order, and in which line the rows begin, counted from 1.

    >>> ArffHeader((ArffAttribute("a", ArffType.NUMERIC),), 3).first_row_line
    3
    """

    attributes: tuple[ArffAttribute, ...]
    first_row_line: int


_DATA = re.compile(
    rb"^[ \t]*@data[ \t]*(?:%[^\n]*)?\r?(?:\n|\Z)", re.IGNORECASE | re.MULTILINE
)
_NAME = rf"(?P<name>{SINGLE_QUOTED}|{DOUBLE_QUOTED}|[^\s'\"{{][^\s{{]*)"
_ATTRIBUTE = re.compile(rf"@attribute\s+{_NAME}\s*(?P<type>.*)", re.IGNORECASE)
_WORDS = {
    "numeric": ArffType.NUMERIC,
    "real": ArffType.NUMERIC,
    "integer": ArffType.NUMERIC,
    "string": ArffType.STRING,
    "date": ArffType.DATE,
}


def split_file(content: bytes, *, where: str) -> tuple[ArffHeader, bytes]:
    r"""Return the header and the bytes that follow `@data`.

    Raises
    ------
    ReadError
        If there is no `@data`, no attribute, or a line that is none of a header.

    Examples
    --------
    >>> header, body = split_file(
    ...     b"@relation r\n@attribute 'a b' real\n@data\n1.5\n", where="file 'r.arff'"
    ... )
    >>> header.attributes[0].name, header.first_row_line, body
    ('a b', 4, b'1.5\n')
    """
    found = _DATA.search(content)
    head = content[: found.start()] if found else content
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        em = f"{where} is not a UTF-8 text ({error}): save it as UTF-8."
        raise ReadError(em) from None
    lines = text.split("\n")
    attributes = _attributes(lines, where)
    if found is None:
        em = (
            f"{where} ends after line {len(lines)} without @data: it is cut off "
            "or no ARFF file. Copy it again."
        )
        raise ReadError(em)
    if not attributes:
        em = (
            f"{where} has no @attribute line before @data in line {len(lines)}: "
            "declare each column."
        )
        raise ReadError(em)
    return ArffHeader(attributes, len(lines) + 1), content[found.end() :]


def _attributes(lines: list[str], where: str) -> tuple[ArffAttribute, ...]:
    attributes = []
    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        keyword = line.split(maxsplit=1)[0].lower() if line else "%"
        if keyword.startswith("%") or keyword == "@relation":
            continue
        if keyword != "@attribute":
            em = (
                f"Line {number} of {where} reads {line[:40]!r}, but a header has only "
                "@relation, @attribute and @data lines and % comments: correct it."
            )
            raise ReadError(em)
        attributes.append(_attribute(line, f"Line {number} of {where}"))
    return tuple(attributes)


def _attribute(line: str, where: str) -> ArffAttribute:
    match = _ATTRIBUTE.fullmatch(line)
    if match is None:
        em = (
            f"{where} declares no readable attribute name: {line[:60]!r}. "
            "Write @attribute 'name' type."
        )
        raise ReadError(em)
    name, declared = unquote(match["name"]), match["type"]
    if declared.startswith("{"):
        return ArffAttribute(name, ArffType.NOMINAL, _categories(name, declared, where))
    word = re.split(r"[\s%{]", declared, maxsplit=1)[0].lower()
    if word not in _WORDS:
        em = (
            f"{where} declares attribute {name!r} of type {word!r}: use numeric, "
            "real, integer, string or a list {a, b}."
        )
        raise ReadError(em)
    return ArffAttribute(name, _WORDS[word])


def _categories(name: str, declared: str, where: str) -> tuple[str, ...]:
    categories = tuple(split_declared(declared, where=where))
    if len(set(categories)) < len(categories) or "" in categories:
        em = (
            f"{where} needs distinct, non-empty values for attribute {name!r}. "
            f"Got {declared[:60]!r}: correct the list."
        )
        raise ReadError(em)
    return categories
