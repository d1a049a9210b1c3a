"""HTML made of elements: what is not markup already is escaped."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Iterable

_VOID = frozenset({"meta", "br", "link"})
# Direction overrides could turn the text after a name around.
_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


class Html(str):
    """Markup: goes into a page as it is. Any other text is escaped first."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str | int | float | None) -> Html:
    """Return an element with its children; children that are not `Html` are escaped.

    Parameters
    ----------
    name
        Of the element.
    *children
        Texts or markup; none for the elements without an end tag.
    **attributes
        `class_` is class, `aria_label` is aria-label; None leaves the attribute out.

    Examples
    --------
    >>> element("td", "a < b", class_="wide", colspan=2, id=None)
    '<td class="wide" colspan="2">a &lt; b</td>'
    """
    opening = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{opening}>")
    return Html(f"<{name}{opening}>{joined(children)}</{name}>")


def joined(parts: Iterable[str]) -> Html:
    """Return texts and markup one after the other.

    >>> joined(["a < b", Html("<br>")])
    'a &lt; b<br>'
    """
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in parts))


def section(key: str, heading: str, *content: str) -> Html:
    """Return a section that its heading names and that `#key` leads to."""
    title = element("h2", heading, id=f"{key}-heading")
    return element("section", title, *content, id=key, aria_labelledby=f"{key}-heading")


def paragraph(*content: str, class_: str | None = None) -> Html:
    """Return a paragraph of prose."""
    return element("p", *map(prose, content), class_=class_)


def prose(text: str) -> Html:
    """Return a text in which no line breaks between a number and its sign.

    >>> prose("6 % or p ≤ 0.01").count("\N{NO-BREAK SPACE}")
    3
    """
    if isinstance(text, Html):
        return text
    for loose in (" %", " ≤ ", " ≥ "):
        text = text.replace(loose, loose.replace(" ", "\N{NO-BREAK SPACE}"))
    return escape(text)


def separated(separator: str, parts: Iterable[str]) -> Html:
    """Return texts and markup with a text between them.

    >>> separated(" & ", ["a", Html("<b>c</b>")])
    'a &amp; <b>c</b>'
    """
    return Html(escape(separator).join(joined([part]) for part in parts))


def escape(text: str) -> Html:
    r"""Return a text as markup; controls and direction overrides show as U+FFFD.

    >>> escape('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    >>> escape("a\u202eb") == "a\ufffdb"
    True
    """
    if not text.isprintable():
        text = "".join(_visible(character) for character in text)
    return Html(html.escape(text))


def plain_text(text: str) -> str:
    """Return what is read of markup; any other text is returned as it is.

    >>> plain_text(element("p", "a < b")), plain_text("<b>")
    ('a < b', '<b>')
    """
    if not isinstance(text, Html):
        return text
    return html.unescape(re.sub(r"<[^>]*>", "", text)).replace("\N{NO-BREAK SPACE}", " ")


def _visible(character: str) -> str:
    hidden = category(character) in {"Cc", "Cs", "Cn", "Co"} or character in _BIDI_CONTROLS
    if character in "\n\t":
        return " "
    return "\N{REPLACEMENT CHARACTER}" if hidden else character
