"""What a stranger finds in the demo company."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta

from tests.demo.conftest import Demo


def test_the_screen_shows_progress_the_address_and_accounts_that_work(demo: Demo) -> None:
    printed = "".join(demo.printed)
    assert printed.count("✓") >= 6
    password = re.search(r"password is (\S+)\.", printed)
    assert password
    accounts = re.findall(r"^\s*([a-z.]+)\s+\S.*팀|^\s*(admin)\s", printed, re.MULTILINE)
    logins = ["".join(found) for found in accounts]
    assert len(logins) == 4
    for login in logins:
        with demo.sign_in(login, password[1]) as client:
            assert client.get("/api/me").raise_for_status().json()["login"] == login


def test_three_companies_with_divisions_and_teams_hold_some_sixty_people(demo: Demo) -> None:
    with demo.sign_in("minji.kim") as client:
        orgs = client.get("/api/directory/orgs").raise_for_status().json()["orgs"]
        people = [
            person
            for org in orgs
            for person in client.get("/api/directory/people", params={"org": org["code"]}).json()["people"]
        ]
    assert [org["depth"] for org in orgs].count(0) == 3
    assert {org["depth"] for org in orgs} == {0, 1, 2}
    assert 55 <= len(people) <= 65
    assert all(re.fullmatch("[가-힣]{2,4}( [가-힣]{2})?", person["name"]) for person in people)
    assert all(re.fullmatch(r"010-0000-\d{4}", person["tel"]) for person in people)
    assert sum("nickname" in person for person in people) >= 15
    assert sum("photo" in person for person in people) >= len(people) / 3


def test_absences_lie_around_today(demo: Demo) -> None:
    with demo.sign_in("minji.kim") as client:
        found = client.post(
            "/api/directory/people", json={"ids": ["doyun.choi", "jiwon.han", "jongho.gil"]}
        ).json()["people"]
    absences = [person["absence"] for person in found]
    assert [absence["code"] for absence in absences] == ["biztrip", "remote", "dayoff"]
    for absence in absences:
        since, until = date.fromisoformat(absence["since"]), date.fromisoformat(absence["until"])
        assert since <= until
        assert abs(since - date.today()) < timedelta(days=10)  # noqa: DTZ011 - as the server, where it stands


def test_a_photo_is_an_image(demo: Demo) -> None:
    with demo.sign_in("minji.kim") as client:
        me = client.get("/api/me").json()["person"]
        answer = client.get(f"/api/directory/people/{me['id']}/photo", params={"v": me["photo"]})
    assert answer.headers["content-type"] == "image/webp"
    assert answer.content[8:12] == b"WEBP"


def test_the_rooms_have_weeks_of_talk_and_unread_numbers_here_and_there(demo: Demo) -> None:
    with demo.sign_in("minji.kim") as client:
        rooms = client.get("/api/rooms").raise_for_status().json()["rooms"]
        kinds = [view["room"]["kind"] for view in rooms]
        big = next(view for view in rooms if view["room"]["member_count"] == 20)
        history = client.get(f"/api/rooms/{big['room']['id']}/messages", params={"limit": 200}).json()
    assert {"direct", "group", "self"} <= set(kinds)
    assert len(rooms) >= 10
    assert big["room"]["seq"] > 400
    assert max(view["room"]["seq"] for view in rooms) >= 5_000
    unread = [view["mine"]["unread"] for view in rooms]
    assert sum(number > 0 for number in unread) >= 4
    assert unread.count(0) >= 3
    days = {message["at"] // 86_400_000 for message in history["messages"]}
    assert len(days) > 5
    assert len({message["sender"] for message in history["messages"]}) > 8


def test_there_are_pictures_reactions_and_a_notice_above_the_talk(demo: Demo) -> None:
    with demo.sign_in("minji.kim") as client:
        rooms = client.get("/api/rooms").json()["rooms"]
        big = next(view["room"] for view in rooms if view["room"]["member_count"] == 20)
        history = client.get(f"/api/rooms/{big['id']}/messages", params={"limit": 200}).json()["messages"]
        files = history[-1]["files"]
        assert [each["thumb"] for each in files] == [True, True]
        assert client.get(f"/api/files/{files[0]['id']}/thumb").status_code == 200
        assert any(message.get("reactions") for message in history)
        notice = client.get(f"/api/rooms/{big['id']}/messages/{big['pinned']}").json()
        assert "현황 보고" in notice["body"]


def test_some_have_not_read_the_newest_messages(demo: Demo) -> None:
    with demo.sign_in("minji.kim") as client:
        rooms = client.get("/api/rooms").json()["rooms"]
        big = next(view["room"] for view in rooms if view["room"]["member_count"] == 20)
        unread = client.get(f"/api/rooms/{big['id']}/messages/{big['seq']}/unread-by").json()["people"]
    assert 1 <= len(unread) < 19


def test_the_written_history_keeps_the_rules_of_the_timeline(demo: Demo) -> None:
    now = time.time() * 1000
    with demo.sign_in("minji.kim") as client:
        for view in client.get("/api/rooms").json()["rooms"]:
            room, found, after = view["room"], [], 0
            while True:
                page = client.get(
                    f"/api/rooms/{room['id']}/messages", params={"after": after, "limit": 200}
                ).json()
                found += page["messages"]
                if not page.get("more_after"):
                    break
                after = found[-1]["seq"]
            assert [message["seq"] for message in found] == list(range(1, room["seq"] + 1))
            # What somebody has answered with an emoji changed later than it was said.
            versions = [message["version"] for message in found if not message.get("reactions")]
            assert versions == sorted(versions)
            assert max(message["version"] for message in found) == room["version"]
            times = [message["at"] for message in found]
            assert times == sorted(times)
            assert times[-1] <= now
            members = client.get(f"/api/rooms/{room['id']}/members").json()["members"]
            cursors = {member["user"]: member.get("read_seq", 0) for member in members}
            said = {message["sender"]: message["seq"] for message in found}
            assert all(seq <= cursors[user] <= room["seq"] for user, seq in said.items())
