"""The front end and the blocks of a run -> one HTML file that makes no request."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from redescribe.errors import StoreError
from redescribe.report.markup import Html, element

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe.report.blocks import Block
    from redescribe.report.front_end import FrontEnd

_NOSCRIPT = (
    "This report is interactive and needs JavaScript, which is switched off here. All of "
    "it is in this file; nothing is loaded. In a terminal: redescribe show RUN."
)


def page_of(title: str, front_end: FrontEnd, blocks: Iterable[Block]) -> str:
    """Return the page: its own script and style, named by their hashes, and the blocks.

    The content policy forbids everything else: no request, no other script, no frame. The
    blocks are base64 in elements that no browser runs, so no name of the run is markup.

    Parameters
    ----------
    title
        Of the window.
    front_end
        Its texts must not end the elements that they stand in.
    blocks
        In any order.

    Raises
    ------
    StoreError
        If the front end contains an end tag of its own element.

    Examples
    --------
    >>> from redescribe.report.blocks import Block
    >>> from redescribe.report.front_end import FrontEnd
    >>> page = page_of("<run>", FrontEnd("start()", "p {}"), [Block("meta", "AAAA")])
    >>> "<title>&lt;run&gt;</title>" in page, 'id="block-meta">AAAA</script>' in page
    (True, True)
    """
    for text, tag in ((front_end.script, "</script"), (front_end.style, "</style")):
        if tag in text.lower() or "<!--" in text:
            em = f"The built front end contains {tag!r}; build it again with make web."
            raise StoreError(em)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(front_end)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", Html(front_end.style)),
    )
    data = (
        element("script", Html(b.text), type="application/gzip", id=f"block-{b.name}")
        for b in blocks
    )
    body = element(
        "body",
        element("div", id="app"),
        element("noscript", _NOSCRIPT),
        *data,
        element("script", Html(front_end.script)),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _policy(front_end: FrontEnd) -> str:
    return (
        f"default-src 'none'; script-src 'sha256-{_digest(front_end.script)}'; "
        f"style-src 'sha256-{_digest(front_end.style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
