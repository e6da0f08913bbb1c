"""REST has the same allowance as the socket: for each person over all routes, for strangers by address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from tests.serving import Office, run_office

BURST = 20


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    limits = {"commands_per_second": 0.5, "commands_burst": BURST}
    yield from run_office(tmp_path_factory.mktemp("office"), 6, **limits)


def call(client: httpx.Client, path: str, times: int) -> Counter[int]:
    return Counter(client.get(path).status_code for _ in range(times))


def test_who_calls_too_often_is_told_when_to_come_again_on_every_route(office: Office) -> None:
    (person,) = office.some(1)
    with office.rest(person.tokens[0]) as desk, office.rest(person.tokens[1]) as laptop:
        answers = call(desk, "/api/rooms", BURST // 2) + call(laptop, "/api/me", BURST // 2)
        assert answers == {200: BURST}
        # Half of one comes a second: one more may have come while these were asked.
        told = [laptop.get(path) for path in ("/api/rooms", "/api/me", "/api/directory/orgs", "/api/drafts")]
        told += [laptop.post("/api/rooms", json={}), desk.get("/api/me")]
        refused = [answer for answer in told if answer.status_code == 429]
        assert len(refused) >= len(told) - 2
        for answer in refused:
            error = answer.json()["error"]
            assert (error["code"], error["retry"]) == ("rate_limited", True)
            assert 1 <= int(answer.headers["Retry-After"]) <= 2
    assert office.measure("sendjay_refusals_total", reason="rest_person") >= len(refused)


def test_nobody_else_is_slowed_down_by_it(office: Office) -> None:
    one, two = office.some(2)
    with office.rest(one.token) as fast, office.rest(two.token) as calm:
        assert call(fast, "/api/me", 2 * BURST)[429] > 0
        assert call(calm, "/api/me", BURST // 2) == {200: BURST // 2}


def test_strangers_are_counted_by_address_and_what_watches_is_not(office: Office) -> None:
    (person,) = office.some(1)
    with office.rest() as stranger:
        answers = call(stranger, "/api/server", 12 * BURST)
        assert answers[200] >= 10 * BURST
        assert answers[429] > 0
        signing_in = [
            stranger.post("/api/auth/sign-in", json={"login": "a", "password": "b"}) for _ in range(20)
        ]
        assert 429 in {answer.status_code for answer in signing_in}
        assert call(stranger, "/healthz", BURST) == {200: BURST}
        assert stranger.get("/").status_code == 200
    with office.rest(person.token) as client:
        assert client.get("/api/me").status_code == 200


def test_tokens_that_are_none_are_counted_as_a_strangers(office: Office) -> None:
    before = office.measure("sendjay_refusals_total", reason="rest_address")
    with office.rest("no.token.at-all") as stranger:
        answers = call(stranger, "/api/me", 12 * BURST)
    assert set(answers) == {401, 429}
    assert office.measure("sendjay_refusals_total", reason="rest_address") > before


def test_who_is_refused_costs_the_database_nothing(office: Office) -> None:
    (person,) = office.some(1)
    with office.rest(person.token) as client:
        call(client, "/api/me", BURST)
        before = office.measure("sendjay_database_statements_total")
        answers = call(client, "/api/me", 4 * BURST)
        # A few were let in meanwhile, each with a statement or two.
        assert office.measure("sendjay_database_statements_total") - before <= 4 * answers[200] + 4


def test_a_session_that_has_ended_uses_up_nothing_of_its_persons(office: Office) -> None:
    (person,) = office.some(1)
    with office.rest(person.tokens[0]) as desk, office.rest(person.tokens[1]) as lost:
        assert lost.post("/api/auth/sign-out", json={}).status_code == 204
        assert set(call(lost, "/api/me", 2 * BURST)) == {401, 429}
        assert call(desk, "/api/me", BURST // 2) == {200: BURST // 2}
