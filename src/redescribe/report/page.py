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


def page_of(
    title: str, front_end: FrontEnd, blocks: Iterable[Block], *, served: bool = False
) -> str:
    """Return the page: its own script and style, named by their hashes, and the blocks.

    The content policy forbids everything else: no request, no other script, no frame. The
    blocks are base64 in elements that no browser runs, so no name of the run is markup.
    The page of a server has no blocks, and asks where it came from for them.

    Parameters
    ----------
    title
        Of the window.
    front_end
        Its texts must not end the elements that they stand in.
    blocks
        In any order.
    served
        Whether the page comes from `redescribe serve`.

    Raises
    ------
    StoreError
        If the front end contains an end tag of its own element.

    Examples
    --------
    >>> from redescribe.report.blocks import Block
    >>> from redescribe.report.front_end import FrontEnd
    >>> page = page_of("<run>", FrontEnd("start()", "p {}"), [Block.of("meta", b"{}")])
    >>> "<title>&lt;run&gt;</title>" in page, 'id="block-meta">H4sI' in page
    (True, True)
    """
    for text, tag in ((front_end.script, "</script"), (front_end.style, "</style")):
        if tag in text.lower() or "<!--" in text:
            em = f"The built front end contains {tag!r}; build it again with make web."
            raise StoreError(em)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element(
            "meta",
            http_equiv="Content-Security-Policy",
            content=policy(front_end, served=served),
        ),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light dark"),
        # A browser would ask a server for an icon.
        element("link", rel="icon", href="data:,") if served else "",
        element("title", title),
        element("style", Html(front_end.style)),
    )
    data = (
        element(
            "script",
            Html(b.text),
            type="application/gzip",
            id=f"block-{b.name}",
            data_packing="gaps" if b.sparse else None,
        )
        for b in blocks
    )
    body = element(
        "body",
        element("div", id="app", data_source="server" if served else None),
        element("noscript", _NOSCRIPT),
        *data,
        element("script", Html(front_end.script)),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def policy(front_end: FrontEnd, *, served: bool = False) -> str:
    """Return the content policy of a page with this front end."""
    connect = "connect-src 'self'; " if served else ""
    return (
        f"default-src 'none'; script-src 'sha256-{_digest(front_end.script)}'; "
        f"style-src 'sha256-{_digest(front_end.style)}'; img-src data:; {connect}"
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
