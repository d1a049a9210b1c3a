"""Who may ask a server: pages of its own address that know its token."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from redescribe.serve._starlette import datastructures, responses

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
"""The only address that a server listens on."""
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Lets requests through that name the server and its token; sets headers on all.

    The Host header must be the server's own: another name that leads to this machine (DNS
    rebinding) is refused. The token is in the address of the first request, and then in a
    cookie that scripts cannot read and other sites do not send. Cookies are shared by all
    ports of a machine, so the name of this one has the port in it.

    Attributes
    ----------
    app
        What is guarded.
    token
        The secret of this server.
    port
        Where it listens.
    policy
        The content policy of its page.
    """

    app: ASGIApp
    token: str
    port: int
    policy: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            return
        headers = datastructures.Headers(scope=scope)
        brought = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        knows = any(map(self._is_token, brought))
        cookie = f"{self._cookie}={self.token}; Path=/; HttpOnly; SameSite=Strict"

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = datastructures.MutableHeaders(scope=message)
                answer.update(_HEADERS)
                answer["content-security-policy"] = f"{self.policy}; frame-ancestors 'none'"
                if knows and message["status"] < 400:
                    answer["set-cookie"] = cookie
            await send(message)

        refusal = self._refusal(headers, knows=knows)
        answer = self.app if refusal is None else refusal
        await answer(scope, receive, send_guarded)

    def _refusal(
        self, headers: datastructures.Headers, *, knows: bool
    ) -> responses.Response | None:
        own = [f"{name}:{self.port}" for name in (HOST, "localhost")]
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in own:
            return _plain(f"This server is {HOST}:{self.port}, under no other name.", 421)
        if not knows and not self._has_cookie(headers):
            text = "Open the address that redescribe serve printed: its token is missing."
            return _plain(text, 403)
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{hosts[0]}":
            return _plain("Pages of other sites may not ask this server.", 403)
        return None

    @property
    def _cookie(self) -> str:
        return f"redescribe-{self.port}"

    def _has_cookie(self, headers: datastructures.Headers) -> bool:
        pairs = (
            part.strip().partition("=") for part in headers.get("cookie", "").split(";")
        )
        return any(
            self._is_token(value) for name, _, value in pairs if name == self._cookie
        )

    def _is_token(self, text: str) -> bool:
        return secrets.compare_digest(text.encode(), self.token.encode())


def _plain(text: str, status: int) -> responses.Response:
    return responses.PlainTextResponse(text, status)
