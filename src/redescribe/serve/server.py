"""A socket of this machine, a token, and the server behind them."""

from __future__ import annotations

import re
import secrets
import socket
from typing import TYPE_CHECKING

from redescribe.errors import ParameterError
from redescribe.serve._starlette import uvicorn
from redescribe.serve.app import application
from redescribe.serve.guard import HOST

if TYPE_CHECKING:
    from redescribe.serve.content import ServedRun

_TOKEN = re.compile(r"[\w-]{16,256}", re.ASCII)


class Server:
    """Shows one run on a port of 127.0.0.1. It listens from the start.

    Parameters
    ----------
    served
        The run.
    port
        0 takes a free one.
    token
        The secret in the address; empty makes a random one.

    Raises
    ------
    ParameterError
        If the port is taken or not allowed, or the token is short or not plain.
    """

    def __init__(self, served: ServedRun, *, port: int = 0, token: str = "") -> None:
        if token and not _TOKEN.fullmatch(token):
            em = "A token must have 16 to 256 letters, digits, - or _."
            raise ParameterError(em)
        token = token or secrets.token_urlsafe(32)
        self._socket = _listening(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}/?token={token}"
        config = uvicorn.Config(
            application(served, token=token, port=self.port),
            log_config=None,
            log_level="error",
            access_log=False,
            lifespan="off",
            ws="none",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)

    def run(self) -> None:
        """Answer until `stop` or, in the main thread, an interrupt, which is raised."""
        self._server.run(sockets=[self._socket])

    def close(self) -> None:
        """Stop listening, where `run` was not called."""
        self._socket.close()

    def stop(self) -> None:
        """Let `run` end; from any thread."""
        self._server.should_exit = True


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.bind((HOST, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        em = f"Port {port} of {HOST} cannot be used: {error}. Port 0 takes a free one."
        raise ParameterError(em) from error
    return listening
