"""Signing in, and staying signed in."""

from __future__ import annotations

import asyncio
import time
import unicodedata
from pathlib import Path
from unittest.mock import patch

import pytest

from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.deliveries import SessionEnded
from tests.accounts.office import PASSWORD, Office, open_office


async def test_the_right_password_gives_tokens_that_open_the_rest(office: Office) -> None:
    await office.hire("gildong", "홍길동")
    answer = await office.sign_in("gildong", device={"id": "d1", "kind": "app", "name": "Phone"})
    assert answer["user"] == {"id": "gildong", "name": "홍길동"}
    assert answer["kind"] == "user"
    assert answer["access_expires_in"] == 4 * 3600
    async with office.client(token=answer["access_token"]) as client:
        me = await client.get("/api/me")
    assert me.status_code == 200
    assert me.json()["login"] == "gildong"


@pytest.mark.parametrize("typed", ["Gil  Dong ", " GIL DONG", "gil dong"])
async def test_case_and_spaces_of_the_id_do_not_matter(office: Office, typed: str) -> None:
    await office.hire("Gil Dong")
    await office.sign_in(typed)


async def test_a_korean_id_is_the_same_composed_and_decomposed(office: Office) -> None:
    await office.hire("\ud64d\uae38\ub3d9")
    await office.sign_in("\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc")


async def test_a_password_is_the_same_composed_and_decomposed(office: Office) -> None:
    await office.hire("kim")
    await office.accounts.register.reset_password("kim", "비밀번호입니다요")
    await office.sign_in("kim", unicodedata.normalize("NFD", "비밀번호입니다요"))


async def test_two_people_cannot_sign_in_by_the_same_id_spelt_differently(office: Office) -> None:
    await office.hire("Kim")
    with pytest.raises(Exception, match="conflict"):
        await office.hire("KIM")


async def test_another_sign_in_on_the_same_device_replaces_the_session(office: Office) -> None:
    await office.hire("kim")
    first = await office.sign_in("kim", device={"id": "tablet"})
    other = await office.sign_in("kim", device={"id": "phone"})
    again = await office.sign_in("kim", device={"id": "tablet"})
    assert SessionEnded((first["session"],), "kim", "replaced") in office.delivered
    for answer, status in ((first, 401), (other, 200), (again, 200)):
        async with office.client(token=answer["access_token"]) as client:
            assert (await client.get("/api/me")).status_code == status


async def test_nobody_collects_sessions_without_end(office: Office) -> None:
    await office.hire("kim")
    first = await office.sign_in("kim")
    with patch("sendjay.accounts.sessions.SESSIONS_PER_USER", 3):
        later = [await office.sign_in("kim") for _ in range(3)]
    async with office.client(token=first["access_token"]) as client:
        assert (await client.get("/api/me")).status_code == 401
    async with office.client(token=later[0]["access_token"]) as client:
        assert (await client.get("/api/me")).status_code == 200


async def test_signing_out_acts_at_once_and_only_here(office: Office) -> None:
    await office.hire("kim")
    here, there = await office.sign_in("kim"), await office.sign_in("kim")
    async with office.client(token=here["access_token"]) as client:
        assert (await client.post("/api/auth/sign-out", json={})).status_code == 204
        assert (await client.get("/api/me")).status_code == 401
        refreshed = await client.post("/api/auth/refresh", json={"refresh_token": here["refresh_token"]})
        assert refreshed.status_code == 401
    assert office.delivered == [SessionEnded((here["session"],), "kim", "signed_out")]
    async with office.client(token=there["access_token"]) as client:
        assert (await client.get("/api/me")).status_code == 200


async def test_signing_in_and_out_is_in_the_activity_log(office: Office) -> None:
    await office.hire("kim")
    async with await office.signed_in("kim") as client:
        await client.post("/api/auth/sign-out")
    rows = office.query("SELECT user_id, work, device FROM activity ORDER BY activity_id")
    assert rows == [("kim", "sign_in", "web"), ("kim", "sign_out", "web")]


async def test_a_disabled_account_is_out_at_once_and_cannot_come_back(office: Office) -> None:
    await office.hire("kim")
    answer = await office.sign_in("kim")
    await office.accounts.register.set_disabled("KIM", True)
    assert SessionEnded((answer["session"],), "kim", "disabled") in office.delivered
    async with office.client(token=answer["access_token"]) as client:
        assert (await client.get("/api/me")).status_code == 401
        refused = await client.post("/api/auth/refresh", json={"refresh_token": answer["refresh_token"]})
        assert refused.status_code == 401
        refused = await client.post("/api/auth/sign-in", json={"login": "kim", "password": PASSWORD})
        assert refused.json()["error"]["code"] == "wrong_password"
    await office.accounts.register.set_disabled("kim", False)
    await office.sign_in("kim")
    async with office.client(token=answer["access_token"]) as client:
        assert (await client.get("/api/me")).status_code == 401, "the old session stays ended"


async def test_somebody_disabled_in_the_database_itself_is_out_too(office: Office) -> None:
    await office.hire("kim")
    answer = await office.sign_in("kim")
    with office.database.writing_engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE users SET disabled = 1")
    async with office.client(token=answer["access_token"]) as client:
        assert (await client.get("/api/me")).status_code == 401
        refused = await client.post("/api/auth/refresh", json={"refresh_token": answer["refresh_token"]})
        assert refused.status_code == 401


async def test_the_access_token_ends_by_itself(tmp_path: Path) -> None:
    async with open_office(tmp_path, access_token_seconds=1) as office:
        await office.hire("kim")
        answer = await office.sign_in("kim")
        ahead = time.time() + 2
        with patch("sendjay.accounts.tokens.time.time", lambda: ahead):
            async with office.client(token=answer["access_token"]) as client:
                assert (await client.get("/api/me")).status_code == 401


async def test_a_session_not_refreshed_for_long_ends(tmp_path: Path) -> None:
    async with open_office(tmp_path, session_seconds=0) as office:
        await office.hire("kim")
        answer = await office.sign_in("kim")
        async with office.client(token=answer["access_token"]) as client:
            assert (await client.get("/api/me")).status_code == 401
            refused = await client.post("/api/auth/refresh", json={"refresh_token": answer["refresh_token"]})
            assert refused.status_code == 401


async def test_tokens_are_good_after_a_restart_and_on_every_node(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.hire("kim")
        answer = await office.sign_in("kim")
    async with open_office(tmp_path) as one, open_office(tmp_path) as two:
        for each in (one, two):
            async with each.client(token=answer["access_token"]) as client:
                assert (await client.get("/api/me")).status_code == 200


async def test_two_nodes_starting_at_once_agree_on_the_secrets(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        office.database.writing_engine.dispose()
        with office.database.writing_engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("DELETE FROM installation")
        await asyncio.gather(*(office.accounts.start() for _ in range(5)))
        rows = office.query("SELECT name, value FROM installation ORDER BY name")
        assert [name for name, _ in rows] == ["refresh_secret", "token_secret"]
        assert len({value for _, value in rows}) == 2


async def test_sign_up_only_where_a_setting_allows_it(office: Office, tmp_path: Path) -> None:
    body = {"login": "new", "password": "long enough", "name": "새 사람"}
    async with office.client() as client:
        assert (await client.post("/api/auth/sign-up", json=body)).status_code == 403
        assert (await client.get("/api/server")).json()["sign_up"] is False
    async with open_office(tmp_path / "open", sign_up=True) as open_to_all:
        async with open_to_all.client() as client:
            assert (await client.get("/api/server")).json()["sign_up"] is True
            made = await client.post("/api/auth/sign-up", json=body)
            assert made.json()["user"]["name"] == "새 사람"
            assert made.json()["kind"] == "user"
            again = await client.post("/api/auth/sign-up", json=body | {"login": "NEW"})
            assert again.json()["error"]["code"] == "conflict"
        await open_to_all.sign_in("new", "long enough")


async def test_a_database_that_is_away_locks_nobody_out(tmp_path: Path) -> None:
    async with open_office(tmp_path, sign_in_tries_per_account=2, sign_in_tries_per_address=4) as office:
        await office.hire("kim")
        change = {"current": PASSWORD, "new": "another password"}
        async with await office.signed_in("kim") as kim, office.client() as client:
            for _ in range(6):
                with patch.object(office.database, "read", side_effect=Refused(Code.BUSY)):
                    answer = await client.post(
                        "/api/auth/sign-in", json={"login": "kim", "password": PASSWORD}
                    )
                assert answer.status_code == 503
                with patch("sendjay.accounts.store.account_by_id", side_effect=Refused(Code.BUSY)):
                    assert (await kim.post("/api/auth/password", json=change)).status_code == 503
            assert (await kim.post("/api/auth/password", json=change)).status_code == 204
        await office.sign_in("kim", "another password")
