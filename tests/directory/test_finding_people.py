"""Finding people: by words, by org, by id."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from sendjay.directory.model import today
from sendjay.directory.service import OrgEntry, UserEntry
from tests.accounts.office import Office

ORGS = [
    OrgEntry("HQ", "한빛그룹", "001", 1),
    OrgEntry("DEV", "개발본부", "001001", 2),
    OrgEntry("WEB", "웹개발팀", "001001001", 3),
    OrgEntry("SALES", "영업본부", "001002", 2),
    OrgEntry("OLD", "폐지본부", "001003", 2, in_use=False),
    OrgEntry("KEPT", "남은팀", "001003001", 3),
    OrgEntry("SUB", "한빛유통", "002", 1),
]
PEOPLE = [
    UserEntry(
        "hong", name="홍길동", org="WEB", job="백엔드 개발", tel="010-1234-5678", nickname="휴가 중_100%"
    ),
    UserEntry("hwang", name="황길동", org="SALES", job="해외 영업", tel="02-555-0199"),
    UserEntry("kim1", name="김민수", org="WEB", job="프론트엔드", tel="010-9876-0000"),
    UserEntry("kim2", name="김민수", org="SUB", job="구매"),
    UserEntry("park", name="Park Ji-sung", org="SALES", nickname="Let's go"),
    UserEntry("gone", name="홍길순", org="WEB", disabled=True),
    UserEntry("bot", name="홍길봇", org="WEB", kind="integration"),
    UserEntry("nam", name="남궁 민", org="DEV"),
    UserEntry("gaks", name="각시탈", org="DEV"),
]


@pytest_asyncio.fixture
async def client(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    await office.directory.upsert_orgs(ORGS)
    await office.directory.upsert_users(PEOPLE)
    await office.accounts.register.reset_password("kim1", "long enough")
    token = (await office.sign_in("kim1", "long enough"))["access_token"]
    async with office.client(token=token) as opened:
        yield opened


async def found(client: httpx.AsyncClient, **query: str) -> list[str]:
    answer = await client.get("/api/directory/people", params=query)
    assert answer.status_code == 200, answer.text
    return [person["id"] for person in answer.json()["people"]]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("홍길동", ["hong"]),
        ("길동", ["hong", "hwang"]),
        ("ㅎㄱㄷ", ["hong", "hwang"]),
        ("ㄱㄷ", ["hong", "hwang"]),
        ("홍ㄱㄷ", ["hong"]),
        ("ㅎ길ㄷ", ["hong", "hwang"]),
        ("\u1112\u1100\u1103", ["hong", "hwang"]),
        ("\u1112\u1169\u11bc\u1100\u1175\u11af", ["hong"]),
        ("ㄳ", ["gaks"]),
        ("ㄴㄱㅁ", ["nam"]),
        ("남궁ㅁ", ["nam"]),
        ("남궁 민", ["nam"]),
        ("HONG", ["hong"]),
        ("park ji", ["park"]),
        ("ji-SUNG", ["park"]),
        ("웹개발", ["kim1", "hong"]),
        ("영업", ["park", "hwang"]),
        ("백엔드", ["hong"]),
        ("휴가", ["hong"]),
        ("5678", ["hong"]),
        ("010-1234", ["hong"]),
        ("0101234", ["hong"]),
        ("민수 웹", ["kim1"]),
        ("김민수", ["kim1", "kim2"]),
        ("웹 ㅎㄱㄷ 5678", ["hong"]),
        ("웹 ㅎㄱㄷ 9999", []),
        ("홍길순", []),
        ("홍길봇", []),
        ("%", ["hong"]),
        ("_100%", ["hong"]),
        ("_", ["hong"]),
        ("\\", []),
        ("' OR 1=1 --", []),
        ("12", []),
        ("   ", []),
        ("없는사람", []),
    ],
)
async def test_people_are_found_by_every_word(client: httpx.AsyncClient, words: str, ids: list[str]) -> None:
    assert await found(client, q=words) == ids


async def test_names_that_begin_with_the_word_come_first_then_my_own_org(
    client: httpx.AsyncClient, office: Office
) -> None:
    await office.directory.upsert_users(
        [
            UserEntry("a1", name="가민수", org="WEB"),
            UserEntry("b1", name="민수경", org="SUB"),
            UserEntry("c1", name="민수진", org="WEB"),
        ]
    )
    assert await found(client, q="민수") == ["c1", "b1", "a1", "kim1", "kim2"]
    assert await found(client, q="ㅁㅅ") == ["c1", "b1", "a1", "kim1", "kim2"]


async def test_a_search_gives_fifty_at_most(client: httpx.AsyncClient, office: Office) -> None:
    await office.directory.upsert_users([UserEntry(f"u{n}", name=f"최{n:03}") for n in range(120)])
    assert len(await found(client, q="최")) == 50
    assert len(await found(client, q="ㅊ")) == 50


async def test_the_tree_shows_orgs_in_use_each_below_its_parent(client: httpx.AsyncClient) -> None:
    orgs = (await client.get("/api/directory/orgs")).json()["orgs"]
    assert [(org["code"], org.get("parent"), org["depth"]) for org in orgs] == [
        ("HQ", None, 1),
        ("DEV", "HQ", 2),
        ("WEB", "DEV", 3),
        ("SALES", "HQ", 2),
        ("KEPT", "HQ", 2),
        ("SUB", None, 1),
    ]


async def test_an_org_lists_its_direct_members_by_name(client: httpx.AsyncClient) -> None:
    assert await found(client, org="WEB") == ["kim1", "hong"]
    assert await found(client, org="DEV") == ["gaks", "nam"]
    assert await found(client, org="nowhere") == []


async def test_my_team_has_me_first(client: httpx.AsyncClient) -> None:
    people = (await client.get("/api/directory/team")).json()["people"]
    assert [person["id"] for person in people] == ["kim1", "hong"]


async def test_somebody_without_an_org_is_a_team_of_one(office: Office) -> None:
    await office.hire("solo")
    await office.hire("other")
    async with await office.signed_in("solo") as client:
        people = (await client.get("/api/directory/team")).json()["people"]
    assert [person["id"] for person in people] == ["solo"]


async def test_people_by_id_come_in_the_order_asked_for_and_unknown_ids_say_nothing(
    client: httpx.AsyncClient,
) -> None:
    assert await found(client, ids="park,nobody,hong,park") == ["park", "hong"]
    answer = await client.post("/api/directory/people", json={"ids": ["gone", "HONG", "kim2"]})
    assert [(each["id"], each.get("disabled")) for each in answer.json()["people"]] == [
        ("gone", True),
        ("kim2", None),
    ]


async def test_too_many_ids_are_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/directory/people", json={"ids": ["x"] * 501})
    assert answer.status_code == 400
    answer = await client.get("/api/directory/people", params={"ids": ",".join(["x"] * 501)})
    assert answer.json()["error"]["code"] == "too_many"


@pytest.mark.parametrize("query", ["", "?q=a&org=b", "?ids=a&q=b"])
async def test_one_question_at_a_time(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/api/directory/people{query}")
    assert answer.json()["error"]["code"] == "invalid"


async def test_a_person_has_their_place_and_company(client: httpx.AsyncClient) -> None:
    (hong,) = (await client.get("/api/directory/people", params={"ids": "hong"})).json()["people"]
    assert hong == {
        "id": "hong",
        "name": "홍길동",
        "org": "WEB",
        "org_name": "웹개발팀",
        "top_org": "HQ",
        "top_org_name": "한빛그룹",
        "job": "백엔드 개발",
        "tel": "010-1234-5678",
        "nickname": "휴가 중_100%",
    }


async def test_an_absence_is_shown_until_its_last_day(client: httpx.AsyncClient, office: Office) -> None:
    def absence(until: int | None) -> dict[str, Any]:
        last = (today() + timedelta(days=until)).isoformat() if until is not None else ""
        return {"absence_code": "dayoff", "absence_note": "휴가", "absence_until": last}

    await office.directory.upsert_users(
        [
            UserEntry("hong", **absence(0)),
            UserEntry("hwang", **absence(-1)),
            UserEntry("park", **absence(None)),
        ]
    )
    answer = await client.get("/api/directory/people", params={"ids": "hong,hwang,park"})
    shown = {each["id"]: each.get("absence") for each in answer.json()["people"]}
    assert shown == {
        "hong": {"code": "dayoff", "note": "휴가", "until": today().isoformat()},
        "hwang": None,
        "park": {"code": "dayoff", "note": "휴가"},
    }
