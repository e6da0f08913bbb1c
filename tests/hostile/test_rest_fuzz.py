"""Requests made up from the OpenAPI description: whatever comes in, no route ends in a fault of ours."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.serving import Office

EXAMPLES_A_ROUTE = 15
SPARED = {"/api/auth/sign-out", "/api/auth/password"}
"""These would end the session that the others are tried with; tests/accounts tries them."""


@pytest.fixture(scope="module")
def rest(office: Office) -> Any:
    (person,) = office.some(1)
    with office.rest(person.token) as client:
        yield client


def test_no_request_ends_in_a_fault_of_ours(office: Office, rest: httpx.Client) -> None:
    description = rest.get("/api/docs/openapi.json").raise_for_status().json()
    schema = schemathesis.openapi.from_dict(description)
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path in SPARED:
            continue
        tried += 1

        @given(case=st.one_of(operation.as_strategy(), negative(operation)))
        @settings(
            max_examples=EXAMPLES_A_ROUTE,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        )
        def fuzz(case: Any) -> None:
            check(rest, case)

        fuzz()
    assert tried >= 20
    assert office.is_alive()
    office.check_errors()


def negative(operation: Any) -> Any:
    """Requests that break the description."""
    return operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def check(rest: httpx.Client, case: Any) -> None:
    answer = case.call(base_url=str(rest.base_url), headers=dict(rest.headers))
    told = f"{case.as_curl_command()}\n{answer.status_code} {answer.headers} {answer.text[:500]}"
    assert answer.status_code < 500, told
    if answer.status_code >= 400 and answer.text != "Request head too large.":
        assert answer.headers["content-type"] == ["application/json"], told
        assert answer.json()["error"].keys() >= {"code", "message"}, told


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"[" * 100_000,
        b'{"a":' * 30_000,
        b"\xff\xfe",
        b'{"client_id":NaN}',
        b"x" * 2_000_000,
    ],
    ids=["nothing", "null", "array", "deep arrays", "deep objects", "no UTF-8", "NaN", "too large"],
)
def test_a_body_that_cannot_be_read_is_a_mistake_of_the_caller(rest: httpx.Client, body: bytes) -> None:
    for method, path in (("POST", "/api/rooms"), ("POST", "/api/auth/sign-in"), ("PATCH", "/api/me")):
        answer = rest.request(method, path, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 413, 200 if method == "PATCH" else 400), (path, answer.text)
