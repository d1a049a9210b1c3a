"""The web packages, or the words that say which extra to install: imported here only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe._lazy import require

if TYPE_CHECKING:
    import uvicorn
    from starlette import applications, concurrency, datastructures, responses, routing
else:
    _PURPOSE = "redescribe serve"
    applications = require("starlette.applications", extra="serve", purpose=_PURPOSE)
    concurrency = require("starlette.concurrency", extra="serve", purpose=_PURPOSE)
    datastructures = require("starlette.datastructures", extra="serve", purpose=_PURPOSE)
    responses = require("starlette.responses", extra="serve", purpose=_PURPOSE)
    routing = require("starlette.routing", extra="serve", purpose=_PURPOSE)
    uvicorn = require("uvicorn", extra="serve", purpose=_PURPOSE)

__all__ = [
    "applications",
    "concurrency",
    "datastructures",
    "responses",
    "routing",
    "uvicorn",
]
