"""The addresses of a server: the page, its blocks, and two kinds of questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redescribe.errors import RedescribeError
from redescribe.serve._starlette import applications, concurrency, responses, routing
from redescribe.serve.firing import fire
from redescribe.serve.guard import Guard
from redescribe.serve.questions import MOST_BYTES, read_recount, read_row
from redescribe.serve.recount import recount

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from redescribe.serve.content import ServedRun

_TOO_LARGE = f"A question must have at most {MOST_BYTES:,} bytes."


def application(served: ServedRun, *, token: str, port: int) -> Guard:
    """Return the guarded application that shows a run. It only reads.

    ``GET /`` is the page and ``GET /data/NAME`` a block, empty where there is none of this
    name. ``POST /recount`` counts queries, ``POST /fire`` says which rules hold for a row.
    Names are looked up among those of the run; no path of the file system is ever made.

    Parameters
    ----------
    served
        The run.
    token
        The secret without which nothing is answered.
    port
        Where the server listens.
    """

    async def page(_: Request) -> Response:
        return responses.HTMLResponse(served.page)

    async def data(request: Request) -> Response:
        block = served.blocks.get(request.path_params["name"])
        if block is None:
            return responses.Response(status_code=204)
        content = await concurrency.run_in_threadpool(block.content)
        return responses.Response(content, media_type="application/octet-stream")

    def counts(body: bytes) -> Any:  # noqa: ANN401 - JSON
        queries, missing = read_recount(body)
        return recount(served.dataset, queries, missing)

    def fired(body: bytes) -> Any:  # noqa: ANN401 - JSON
        return fire(served.assessed, served.dataset, read_row(body))

    routes = [
        routing.Route("/", page),
        routing.Route("/data/{name}", data),
        routing.Route("/recount", _answering(counts), methods=["POST"]),
        routing.Route("/fire", _answering(fired), methods=["POST"]),
    ]
    app = applications.Starlette(routes=routes)
    app.router.redirect_slashes = False
    return Guard(app=app, token=token, port=port, policy=served.policy)


def _answering(
    answer: Callable[[bytes], Any],
) -> Callable[[Request], Awaitable[Response]]:
    """An address that answers the body of a request with JSON, errors included."""

    async def endpoint(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return _error("A question must have the content type application/json.", 415)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return _error(_TOO_LARGE, 413)
        try:
            found = await concurrency.run_in_threadpool(answer, bytes(body))
        except RedescribeError as error:
            return _error(str(error), 400)
        return responses.JSONResponse(found)

    return endpoint


def _error(text: str, status: int) -> Response:
    return responses.JSONResponse({"error": text}, status)
