"""What is good once, or so many times, is that over all nodes together."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.databases.choice import SHARED_KINDS, chosen_database
from tests.embed.portal import ORIGIN, SECRET, code_of, enter, exchange, ticket
from tests.nodes import Nodes, run_nodes
from tests.serving import PASSWORD, Server, eventually


@pytest.fixture(scope="module", params=SHARED_KINDS, autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Those that more than one process may write to."""
    with chosen_database(request.param):
        yield request.param


@pytest.fixture(scope="module")
def nodes(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    folder = tmp_path_factory.mktemp("nodes")
    settings = {"embed_origins": ORIGIN, "embed_secret": SECRET, "sign_in_tries_per_account": 4}
    with run_nodes(folder, 12, embed_creates_people="true", **settings) as nodes:
        yield nodes


def sign_in(node: Server, login: str, password: str) -> int:
    with node.rest() as rest:
        return rest.post("/api/auth/sign-in", json={"login": login, "password": password}).status_code


def test_a_ticket_brought_to_both_nodes_at_the_same_moment_is_good_at_one(nodes: Nodes) -> None:
    (known,) = nodes.here.some(1)
    with ThreadPoolExecutor(4) as pool:
        for person in (known.id, "somebody new", known.id, "somebody else"):
            word = ticket(person, name="Somebody")
            answers = list(pool.map(lambda node, word=word: exchange(node, word), nodes.both * 2))
            good = [answer for answer in answers if answer.status_code == 200]
            assert len(good) == 1
            assert len({code_of(answer) for answer in answers if answer not in good}) == 1


def test_a_handoff_code_brought_to_both_nodes_at_the_same_moment_is_good_at_one(nodes: Nodes) -> None:
    (one,) = nodes.here.some(1)
    entered = enter(nodes.here, one.id, Origin=ORIGIN)
    with nodes.here.rest(entered["access_token"], Origin=ORIGIN) as rest:
        code = rest.post("/api/embed/handoff").raise_for_status().json()["code"]

    def bring(node: Server) -> int:
        with node.rest(Origin=node.url) as rest:
            body = {"code": code, "origin": ORIGIN}
            return rest.post("/api/auth/handoff", json=body).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(bring, nodes.both * 2))
    assert len([status for status in statuses if status in (200, 201)]) == 1


def test_who_guesses_a_password_finds_no_more_tries_at_the_next_node_and_without_redis_few(
    nodes: Nodes,
) -> None:
    one, two, three = nodes.here.some(3)
    statuses = [sign_in(nodes.both[number % 2], one.id, "a guess") for number in range(6)]
    assert statuses == [403, 403, 403, 403, 429, 429]
    # A good one forgets those before it, everywhere.
    assert [sign_in(nodes.here, two.id, "a guess") for _ in range(3)] == [403] * 3
    assert sign_in(nodes.there, two.id, PASSWORD) in (200, 201)
    assert [sign_in(nodes.here, two.id, "a guess"), sign_in(nodes.there, two.id, "a guess")] == [403, 403]
    nodes.redis.kill()
    assert eventually(lambda: nodes.measure("sendjay_bus_up") == 0, 10)
    for node in nodes.both:
        assert [sign_in(node, three.id, "a guess") for _ in range(5)] == [403, 403, 403, 403, 429]
