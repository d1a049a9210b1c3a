"""A server listens on this machine only, and ends when it is told to."""

from __future__ import annotations

import socket
import threading
from http.client import HTTPConnection

import pytest
from tests.report import examples

from redescribe.errors import ParameterError
from redescribe.serve.content import ServedRun
from redescribe.serve.server import Server


@pytest.fixture(scope="module")
def served() -> ServedRun:
    data = examples.dataset()
    return ServedRun("page", "default-src 'none'", {}, examples.nothing(data), data)


def test_it_answers_on_loopback_until_it_is_stopped(served: ServedRun) -> None:
    server = Server(served)
    assert server.url.startswith(f"http://127.0.0.1:{server.port}/?token=")
    thread = threading.Thread(target=server.run)
    thread.start()
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", server.url.partition(str(server.port))[2])
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"page")
    connection.request("GET", "/")
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 403
    assert "server" not in {name.lower() for name, _ in answer.getheaders()}
    connection.close()
    server.stop()
    thread.join(10)
    assert not thread.is_alive()


def test_tokens_differ(served: ServedRun) -> None:
    servers = [Server(served), Server(served)]
    tokens = {server.url.partition("token=")[2] for server in servers}
    assert len(tokens) == 2
    assert min(map(len, tokens)) >= 43
    for server in servers:
        server.close()


def test_a_given_port_and_token_are_used(served: ServedRun) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(ParameterError, match=f"Port {port} of 127.0.0.1 cannot"):
            Server(served, port=port)
    server = Server(served, port=port, token="0123456789abcdef")  # noqa: S106 - of a test
    assert server.url == f"http://127.0.0.1:{port}/?token=0123456789abcdef"
    server.close()


@pytest.mark.parametrize("token", ["short", "x" * 300, "with blanks and more", "a&b=c" * 9])
def test_weak_tokens_are_refused(served: ServedRun, token: str) -> None:
    with pytest.raises(ParameterError, match="A token must have 16 to 256"):
        Server(served, token=token)
