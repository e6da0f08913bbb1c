"""Importing orgs and people, editing one's own profile, photos."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sendjay.actor import Actor
from sendjay.directory.model import today
from sendjay.directory.service import OrgEntry, UserEntry
from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.deliveries import SessionEnded
from tests.accounts.office import Office

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 50


async def person(office: Office, user_id: str) -> Any:
    return (await office.directory.people(Actor(user_id, ""), [user_id]))[0]


async def test_an_import_adds_changes_and_leaves_alone(office: Office) -> None:
    orgs = [OrgEntry("A", "가본부", "1", 1), OrgEntry("B", "나팀", "2", 2)]
    assert (await office.directory.upsert_orgs(orgs)).added == 2
    written = await office.directory.upsert_users(
        [UserEntry("u1", name="하나", org="B", tel="010-1"), UserEntry("u2", name="둘")]
    )
    assert (written.added, written.changed, written.unchanged) == (2, 0, 0)
    written = await office.directory.upsert_users([UserEntry("u1", job="일"), UserEntry("u2", name="둘")])
    assert (written.added, written.changed, written.unchanged) == (0, 1, 1)
    kept = await person(office, "u1")
    assert (kept.name, kept.org_name, kept.tel, kept.job) == ("하나", "나팀", "010-1", "일")


async def test_when_an_org_is_renamed_or_moved_its_people_follow(office: Office) -> None:
    await office.directory.upsert_orgs(
        [OrgEntry("A", "가", "1", 1), OrgEntry("B", "나", "2", 2), OrgEntry("C", "다", "3", 1)]
    )
    await office.directory.upsert_users([UserEntry("u1", name="하나", org="B")])
    await office.directory.upsert_orgs([OrgEntry("B", "새 나", "4", 2)])
    moved = await person(office, "u1")
    assert (moved.org_name, moved.top_org, moved.top_org_name) == ("새 나", "C", "다")
    await office.hire("me")
    async with await office.signed_in("me") as client:
        answer = await client.get("/api/directory/people", params={"q": "새 나"})
    assert [each["id"] for each in answer.json()["people"]] == ["u1"]


async def test_what_the_tree_does_not_know_stays_as_delivered(office: Office) -> None:
    await office.directory.upsert_users(
        [UserEntry("u1", name="하나", org="X", org_name="엑스팀", top_org="Y", top_org_name="와이")]
    )
    kept = await person(office, "u1")
    assert (kept.org, kept.org_name, kept.top_org, kept.top_org_name) == ("X", "엑스팀", "Y", "와이")
    await office.directory.upsert_users([UserEntry("u1", org="Z")])
    assert (await person(office, "u1")).org_name == ""


@pytest.mark.parametrize(
    "entry",
    [
        UserEntry("has space", name="x"),
        UserEntry("a,b", name="x"),
        UserEntry("", name="x"),
        UserEntry("x" * 65, name="x"),
        UserEntry("a/b", name="x"),
        UserEntry("new"),
        UserEntry("new", name="  "),
        UserEntry("new", name="줄\n바꿈"),
        UserEntry("new", name="x" * 101),
        UserEntry("new", name="x", tel="1" * 41),
        UserEntry("new", name="x", notify_from="2460"),
        UserEntry("new", name="x", absence_until="tomorrow"),
        UserEntry("new", name="\ud800"),
        UserEntry("new", name="x", login="FIRST"),
        UserEntry("new", name="x", login="  "),
    ],
)
async def test_an_import_is_all_or_nothing(office: Office, entry: UserEntry) -> None:
    await office.directory.upsert_users([UserEntry("first", name="하나")])
    with pytest.raises(Refused) as refused:
        await office.directory.upsert_users(
            [UserEntry("fine", name="둘"), UserEntry("first", name="다른"), entry]
        )
    assert refused.value.code in (Code.INVALID, Code.CONFLICT)
    people = await office.directory.people(Actor("first", ""), ["first", "fine"])
    assert [each.name for each in people] == ["하나"]


async def test_an_import_that_disables_somebody_ends_their_sessions(office: Office) -> None:
    await office.hire("kim")
    held = await office.sign_in("kim")
    await office.directory.upsert_users([UserEntry("kim", disabled=True)])
    assert office.delivered == [SessionEnded((held["session"],), "kim", "disabled")]


async def test_only_those_who_may_be_talked_to_exist(office: Office) -> None:
    await office.directory.upsert_users([UserEntry("a", name="가"), UserEntry("b", name="나", disabled=True)])
    exist = await office.database.read(
        lambda connection: office.directory.existing_people(connection, ["a", "b", "c", "A"])
    )
    assert exist == {"a"}
    exist = await office.writer.run(
        lambda tx: office.directory.existing_people(tx, [str(n) for n in range(1500)] + ["a"])
    )
    assert exist == {"a"}


async def test_people_change_their_own_status_job_phone_and_absence(office: Office) -> None:
    await office.hire("kim", "김민수")
    until = (today() + timedelta(days=2)).isoformat()
    async with await office.signed_in("kim") as client:
        edit = {
            "nickname": " 회의 중 ",
            "tel": "010-5",
            "absence": {"code": "biztrip", "note": "부산", "until": until},
        }
        answer = await client.patch("/api/me", json=edit)
        assert answer.status_code == 200, answer.text
        assert answer.json()["person"]["nickname"] == "회의 중"
        assert answer.json()["person"]["absence"] == {"code": "biztrip", "note": "부산", "until": until}
        again = await client.patch("/api/me", json={"job": "기획"})
        assert again.json()["person"]["nickname"] == "회의 중"
        ended = await client.patch("/api/me", json={"absence": None})
        assert "absence" not in ended.json()["person"]
        assert ended.json()["person"]["job"] == "기획"
        found = await client.get("/api/directory/people", params={"q": "회의"})
        assert [each["id"] for each in found.json()["people"]] == ["kim"]
    assert len(office.delivered) == 3


@pytest.mark.parametrize(
    "edit",
    [
        {"nickname": "x" * 101},
        {"nickname": "줄\n바꿈"},
        {"nickname": None},
        {"name": "다른 이름"},
        {"disabled": False},
        {"kind": "admin"},
        {"tel": 1},
        {"absence": {"code": ""}},
        {"absence": {"code": "dayoff", "until": "2001-01-01"}},
        {"absence": {"code": "dayoff", "until": "2026-13-01"}},
        {"absence": {"code": "dayoff", "since": "2999-01-02", "until": "2999-01-01"}},
        [],
        "x",
    ],
)
async def test_an_edit_that_cannot_be_changes_nothing(office: Office, edit: Any) -> None:
    await office.hire("kim")
    async with await office.signed_in("kim") as client:
        before = (await client.get("/api/me")).json()
        answer = await client.patch("/api/me", json=edit)
        assert answer.status_code == 400
        assert answer.json()["error"]["code"] in ("invalid", "malformed")
        assert (await client.get("/api/me")).json() == before


async def test_a_photo_is_cached_by_its_version_and_never_run(office: Office) -> None:
    await office.hire("kim")
    version = await office.directory.put_photo("kim", PNG, "image/png")
    async with await office.signed_in("kim") as client:
        assert (await client.get("/api/me")).json()["person"]["photo"] == version
        answer = await client.get("/api/directory/people/kim/photo", params={"v": version})
        assert answer.content == PNG
        assert answer.headers["Content-Type"] == "image/png"
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        old = await client.get("/api/directory/people/kim/photo", params={"v": "older"})
        assert old.headers["Cache-Control"] == "private, no-cache"
        same = await client.get(
            "/api/directory/people/kim/photo", headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert (same.status_code, same.content) == (304, b"")
        assert (await client.get("/api/directory/people/nobody/photo")).json()["error"]["code"] == "not_found"
    newer = await office.directory.put_photo("kim", PNG + b"y", "image/png")
    assert newer != version


@pytest.mark.parametrize(
    ("image", "media_type"), [(PNG, "image/svg+xml"), (PNG, "text/html"), (b"x" * 1_048_577, "image/png")]
)
async def test_a_photo_is_a_small_image(office: Office, image: bytes, media_type: str) -> None:
    await office.hire("kim")
    with pytest.raises(Refused, match="invalid"):
        await office.directory.put_photo("kim", image, media_type)
    with pytest.raises(Refused, match="not_found"):
        await office.directory.put_photo("nobody", PNG, "image/png")
