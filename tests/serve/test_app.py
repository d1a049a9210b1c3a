"""A server answers its own pages only, within bounds, and what it answers is right."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from starlette.testclient import TestClient
from tests.report import examples, pages

from redescribe.core.grammar import parse_query
from redescribe.core.redescription import Agreement
from redescribe.errors import StoreError
from redescribe.report.media import Media
from redescribe.report.write import report_of_run
from redescribe.serve.app import application
from redescribe.serve.content import ServedRun
from redescribe.serve.questions import LONGEST_QUERY, MOST_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from httpx2 import Response

TOKEN = "a-token-of-a-test"  # noqa: S105 - of no server
PORT = 4321
BASE = f"http://127.0.0.1:{PORT}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> ServedRun:
    run = pages.stored(
        tmp_path_factory.mktemp("served") / "run", examples.dataset(missing=True)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("redescribe.serve.content.built_front_end", lambda: pages.FRONT_END)
        return ServedRun.read(run, title="A <b>run</b>")


@pytest.fixture
def stranger(served: ServedRun) -> TestClient:
    """A client that has not seen the token."""
    app = application(served, token=TOKEN, port=PORT)
    return TestClient(app, base_url=BASE, follow_redirects=False)


@pytest.fixture
def client(stranger: TestClient) -> TestClient:
    """A client that has opened the address with the token."""
    assert stranger.get("/", params={"token": TOKEN}).status_code == 200
    return stranger


def ask(client: TestClient, place: str, question: object) -> Response:
    return client.post(place, json=question)


def test_the_page_has_no_data_and_asks_its_server_only(client: TestClient) -> None:
    answer = client.get("/")
    assert "<title>A &lt;b&gt;run&lt;/b&gt;</title>" in answer.text
    assert 'data-source="server"' in answer.text
    assert "block-" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("place", ["/", "/data/meta", "/nothing", "/data/nothing"])
def test_every_answer_has_the_headers(client: TestClient, place: str) -> None:
    headers = client.get(place).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize("place", ["/", "/data/meta", "/recount", "/nothing"])
@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN[:-1], f"{TOKEN}x", "ü"])
def test_nothing_is_answered_without_the_token(
    stranger: TestClient, place: str, token: str | None
) -> None:
    answer = stranger.get(place, params={} if token is None else {"token": token})
    assert answer.status_code == 403
    assert "its token is missing" in answer.text
    assert "set-cookie" not in answer.headers


def test_the_token_becomes_a_cookie_that_scripts_and_other_sites_lack(
    stranger: TestClient,
) -> None:
    answer = stranger.get("/", params={"token": TOKEN})
    assert answer.headers["set-cookie"] == (
        f"redescribe-{PORT}={TOKEN}; Path=/; HttpOnly; SameSite=Strict"
    )
    assert stranger.get("/data/meta").status_code == 200
    stranger.cookies.clear()
    stranger.cookies.set("redescribe-1", TOKEN)
    assert stranger.get("/data/meta").status_code == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        "127.0.0.1",
        "127.0.0.1:1",
        f"[::1]:{PORT}",
        "",
    ],
)
def test_another_host_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/data/meta", headers={"host": host})
    assert answer.status_code == 421
    assert client.get("/", headers={"host": f"localhost:{PORT}"}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_another_origin_is_refused(client: TestClient, origin: str) -> None:
    headers = {"origin": origin}
    assert client.post("/fire", json={"values": {}}, headers=headers).status_code == 403
    own = {"origin": BASE}
    assert client.post("/fire", json={"values": {}}, headers=own).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("place", ["/", "/data/meta"])
def test_pages_and_blocks_are_read_only(
    client: TestClient, method: str, place: str
) -> None:
    assert client.request(method, place).status_code == 405


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize("place", ["/recount", "/fire"])
def test_questions_are_posted(client: TestClient, method: str, place: str) -> None:
    assert client.request(method, place).status_code == 405


def test_head_has_no_body(client: TestClient) -> None:
    answer = client.head("/data/meta")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "place",
    [
        "/run.json",
        "/data",
        "/data/",
        "/data/../run.json",
        "/data/..%2Frun.json",
        "/data/%2e%2e/%2e%2e/etc/passwd",
        "/data//etc/passwd",
        "/data/meta/x",
        "/recount/",
    ],
)
def test_unknown_places_are_nothing(client: TestClient, place: str) -> None:
    answer = client.get(place)
    assert answer.status_code in {204, 404}
    assert b"root:" not in answer.content
    assert b"encoding" not in answer.content


@pytest.mark.parametrize("name", ["nothing", "..%2F..%2Fetc%2Fpasswd", "%00", "x" * 5000])
def test_a_block_that_is_not_there_is_empty(client: TestClient, name: str) -> None:
    answer = client.get(f"/data/{name}")
    assert answer.status_code in {204, 404}
    assert answer.headers.get("content-length", "0") in {"0", "9"}  # "Not Found"


def test_blocks_are_those_of_the_file_and_nothing_is_cut(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, served: ServedRun
) -> None:
    pages.use_front_end(monkeypatch)
    run = pages.stored(tmp_path / "run", served.dataset)
    report_of_run(run, tmp_path / "r.html", title="A <b>run</b>")
    file = pages.Unpacked((tmp_path / "r.html").read_text("utf-8"))
    same = {name for name in file.blocks if not name.startswith(("supports-", "bases"))}
    for name in same - {"meta"}:
        assert client.get(f"/data/{name}").content == file.blocks[name], name
    meta = client.get("/data/meta").json()
    assert meta == file.meta
    assert meta["cuts"] == []
    # Rows need no other row: a block can be read alone.
    bases = np.frombuffer(client.get("/data/bases").content, "<u4")
    assert set(bases.tolist()) == {0xFFFFFFFF}
    words = np.frombuffer(client.get("/data/supports-0").content, "<u8")
    np.testing.assert_array_equal(words.reshape(file.supports().shape), file.supports())


def test_a_recount_is_that_of_the_library(client: TestClient, served: ServedRun) -> None:
    texts = {"net": '"net@fc:1" > 0.25', "radius": "NOT (texture > 0.3 AND x <= 0.5)"}
    queries = [{"view": view, "text": text} for view, text in texts.items()]
    found = ask(
        client, "/recount", {"queries": queries, "missing": "query_non_missing"}
    ).json()
    for name, data in (("all", served.dataset), ("mined", served.dataset.mining_part)):
        supports = (parse_query(t, v).on(data.view(v)) for v, t in texts.items())
        expected = Agreement.of(tuple(supports))
        assert found[name] == {
            "n": data.n_entities,
            "sizes": list(expected.sizes),
            "support": expected.support,
            "union": expected.union,
            "jaccard": expected.jaccard,
        }


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ([], "A question must be a JSON object"),
        ({}, "'queries' must be a list"),
        ({"queries": [], "missing": "rejective"}, "'queries' must be a list"),
        ({"queries": [{}] * 17, "missing": "rejective"}, "'queries' must be a list"),
        ({"queries": ["x > 1"], "missing": "rejective"}, "must have a 'view' and a 'text'"),
        ({"queries": [{"view": "net", "text": "x"}]}, "'missing' must be one of"),
    ],
)
def test_what_is_no_question_is_told(
    client: TestClient, question: object, message: str
) -> None:
    answer = ask(client, "/recount", question)
    assert answer.status_code == 400
    assert message in answer.json()["error"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("__import__('os').system('true')", "does not belong there"),
        ("x > 1; x", "needs a number"),
        ("nothing > 1", "has no attribute 'nothing'"),
        ('texture = "a"', ""),
        ("x > " + "1" * LONGEST_QUERY, "at most 10,000 characters"),
    ],
)
def test_only_the_grammar_is_understood(
    client: TestClient, text: str, message: str
) -> None:
    question = {"queries": [{"view": "radius", "text": text}], "missing": "rejective"}
    answer = ask(client, "/recount", question)
    assert answer.status_code == 400
    assert message in answer.json()["error"]


@pytest.mark.parametrize("place", ["/recount", "/fire"])
def test_large_questions_are_refused(client: TestClient, place: str) -> None:
    body = b'{"a": "' + b"x" * MOST_BYTES + b'"}'
    headers = {"content-type": "application/json"}
    assert client.post(place, content=body, headers=headers).status_code == 413
    deep = b"[" * 100_000
    assert client.post(place, content=deep, headers=headers).status_code == 400
    assert client.post(place, content=b"{}").status_code == 415


def test_a_row_fires_as_its_entity_does(client: TestClient, served: ServedRun) -> None:
    data = served.dataset
    view = data.view("radius")
    for entity in (0, 1, 8):  # 0 has no values
        row = zip(view.names, view.values[:, entity].tolist(), strict=True)
        known = {name: value for name, value in row if not math.isnan(value)}
        found = ask(client, "/fire", {"values": {"radius": known}}).json()
        assert len(found) == len(served.assessed)
        for states, finding in zip(found, served.assessed, strict=True):
            for state, query in zip(states, finding.redescription.queries, strict=True):
                support = query.on(data.view(query.view))
                hidden = query.view != "radius" or support.unknown_mask[entity]
                assert state == (None if hidden else bool(support.mask[entity]))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"nothing": {}}, "nothing"),
        ({"radius": {"nothing": 1}}, "has no attribute 'nothing'"),
        ({"radius": {"x": "much"}}, "is a finite number"),
        ({"radius": {"x": "1e99"}}, "is a finite number"),
        ({"radius": {"x": 10**400}}, "is a finite number"),
        ({"radius": {"x": [1]}}, "numbers or texts"),
        ({"smoker": {"radius": "maybe"}}, "has no category 'maybe'"),
        ([], "numbers or texts"),
    ],
)
def test_a_row_that_cannot_be_is_told(
    client: TestClient, values: object, message: str
) -> None:
    answer = ask(client, "/fire", {"values": values})
    assert answer.status_code == 400
    assert message in answer.json()["error"]


def test_categories_are_texts(client: TestClient) -> None:
    (true,) = {
        tuple(states)
        for states in ask(
            client, "/fire", {"values": {"smoker": {"radius": "smoker"}}}
        ).json()
        if True in states
    } - {(None, True), (None, None, True)}
    assert true == (True, None)


def test_answers_are_json_without_nan(client: TestClient) -> None:
    question = {
        "queries": [{"view": "radius", "text": "x > 1000000.0"}],
        "missing": "query_non_missing",
    }
    content = ask(client, "/recount", question).content
    found = json.loads(content, parse_constant=pytest.fail)
    assert (found["all"]["union"], found["all"]["jaccard"]) == (0, 0)


def test_without_a_front_end_there_is_nothing_to_serve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redescribe.serve.content.built_front_end", lambda: None)
    run = pages.stored(tmp_path / "run", examples.dataset())
    with pytest.raises(StoreError, match="'make web' builds it"):
        ServedRun.read(run)


def test_pictures_are_those_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PIL", reason="Pillow is missing")
    pages.use_front_end(monkeypatch)
    monkeypatch.setattr("redescribe.serve.content.built_front_end", lambda: pages.FRONT_END)
    monkeypatch.setattr("redescribe.report.media_blocks.PER_BLOCK", 40)
    data = examples.dataset()
    noise = np.random.default_rng(0).integers(0, 256, (60, 9, 9, 3), np.uint8)
    media = Media.of(data, images=noise, texts=[f"text {i}" for i in range(60)])
    run = pages.stored(tmp_path / "run", data)
    report_of_run(run, tmp_path / "r.html", media=media)
    file = pages.Unpacked((tmp_path / "r.html").read_text("utf-8"))
    served = ServedRun.read(run, media=media)
    names = [f"{kind}-{i}" for kind in ("pictures", "texts") for i in ("index", 0, 1)]
    assert {n: served.blocks[n].content() for n in names} == {
        n: file.blocks[n] for n in names
    }
