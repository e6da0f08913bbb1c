"""Default-deny: every command and every route, as a stranger, as a former member and as nobody.

The commands come from the contract and the routes from the OpenAPI description: a new one is tried by
default, and has to be put on a list here to be open.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple, get_args

import msgspec
import pytest
import websockets

from sendjay.protocol.commands import AnyCommand
from tests.clients import SocketClient, new_key
from tests.serving import Office, Person

COMMANDS: dict[str, type[msgspec.Struct]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(AnyCommand)
}
OF_NO_ROOM = {
    "hello", "tick", "sync", "rooms.list", "room.create", "unread.get", "presence.watch", "place.take",
    "focus.set", "news.get", "search.all", "items.owned", "items.asked", "item.rooms", "items.coming",
    "people.blocked",
}  # fmt: skip
"""Commands that name no room to be kept out of; what they show of others' rooms is tried below."""
OF_NO_ROOM_OF_HERS = {"item.ask", "item.send", "person.block"}
"""They name something else that is not there."""
NEVER_REFUSED = {"room.close"}
"""Says that a room is no longer on screen: nothing is looked up."""

OPEN_TO_ALL = {
    ("POST", "/api/auth/sign-in"),
    ("POST", "/api/auth/sign-up"),
    ("POST", "/api/auth/refresh"),
    ("POST", "/api/auth/handoff"),
    ("POST", "/api/embed/session"),
    ("GET", "/api/server"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
}
OPEN_PAGES = ("/", "/people", "/chats", "/settings", "/sign-in", "/panel", "/metrics")
"""Not in the description: the client's own page, and what a monitoring system asks."""

SECRET = "the plans for the new harbour"


class Scene(NamedTuple):
    """A group with a secret in it; somebody who was removed, and somebody who never was there."""

    office: Office
    room: str
    absent: str
    former: Person
    stranger: Person
    member: Person


@pytest.fixture
async def scene(office: Office) -> Scene:
    master, member, former, stranger = office.some(4)
    async with await SocketClient.connect(office, master) as client:
        room = await client.create(member, former)
        await client.send(room, SECRET)
        await client.ask("room.rename", room=room, name="Harbour", scope="all")
        await client.ask("room.remove", room=room, person=former.id)
    # An id of the same form that belongs to nothing.
    return Scene(
        office, room, room[:-4] + ("zzzz" if room[-4:] != "zzzz" else "yyyy"), former, stranger, member
    )


VALUES: dict[str, Any] = {
    "client_id": "",
    "people": ["p0000"],
    "rooms": ["some-room"],
    "person": "p0000",
    "name": "x",
    "scope": "all",
    "body": "x",
    "seq": 2,
    "seqs": [2],
    "emoji": "👍",
    "on": True,
    "typing": True,
    "muted": True,
    "text": "x",
    "item": {"kind": "post", "id": "1"},
    "reason": "spam",
}


def fields_for(kind: type[msgspec.Struct], room: str) -> dict[str, Any]:
    """Something fitting for every field that has to be there, and a text where one may be."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        if field.name == "room":
            found["room"] = room
        elif (field.required and field.name != "id") or field.name in ("body", "text"):
            found[field.name] = new_key() if field.name == "client_id" else VALUES[field.name]
    return found


async def test_every_command_about_a_room_is_refused_and_absent_and_forbidden_look_alike(
    scene: Scene,
) -> None:
    about_rooms = COMMANDS.keys() - OF_NO_ROOM - OF_NO_ROOM_OF_HERS - NEVER_REFUSED
    assert len(about_rooms) >= 12
    for person in (scene.former, scene.stranger):
        async with await SocketClient.connect(scene.office, person) as client:
            for command in sorted(about_rooms):
                answers = []
                for room in (scene.room, scene.absent):
                    fields = fields_for(COMMANDS[command], room)
                    await client.send_raw(json.dumps({"id": 7_000_000, "cmd": command, **fields}))
                    answers.append(json.dumps(await client.stray(7_000_000)))
                assert answers[0] == answers[1], command
                assert json.loads(answers[0])["error"]["code"] == "not_found", command
            assert SECRET not in str(client.events)


async def test_commands_that_name_no_room_show_nothing_of_others_rooms(scene: Scene) -> None:
    for person in (scene.former, scene.stranger):
        async with await SocketClient.connect(scene.office, person) as client:
            answers = [
                await client.ask("sync", rooms={scene.room: [0, 0], scene.absent: [0, 0]}, personal=0),
                await client.ask("rooms.list"),
                await client.ask("unread.get", rooms=[scene.room, scene.absent]),
                await client.ask("news.get", since=1),
                await client.ask("search.all", text="harbour"),
                await client.ask("items.owned"),
                await client.ask("items.asked"),
                await client.ask("items.coming"),
                await client.ask("people.blocked"),
                await client.ask("room.close", room=scene.room),
            ]
            assert sorted(answers[0]["gone"]) == sorted([scene.room, scene.absent])
            assert "rooms" not in answers[0] or scene.room not in str(answers[0]["rooms"])
            assert SECRET not in str(answers)
            assert "Harbour" not in str(answers)


async def test_no_command_but_hello_is_done_for_nobody(office: Office) -> None:
    for command in sorted(COMMANDS.keys() - {"hello"}):
        async with await SocketClient.open(office) as client:
            fields = fields_for(COMMANDS[command], "some-room")
            assert await client.refusal(command, **fields) == "hello_first", command


# REST


class Route(NamedTuple):
    method: str
    path: str

    @property
    def parameters(self) -> list[str]:
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    def filled(self, room: str) -> str:
        values = {
            "room_id": room, "person": "p0000", "user_id": "p0000", "seq": "2", "session_id": "some-session",
            "upload_id": "some-upload", "file_id": "some-file", "emoji": "👍", "kind": "post", "item_id": "1",
            "image": "some-image",
        }  # fmt: skip
        path = self.path
        for name in self.parameters:
            path = path.replace("{" + name + "}", values[name])
        return path + QUERIES.get(self.path, "")


QUERIES = {"/api/rooms/{room_id}/search": "?text=x"}
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/api/rooms/{room_id}/members"): {"client_id": "strangers-key", "people": ["p0000"]},
    ("POST", "/api/rooms/{room_id}/messages"): {"client_id": "strangers-key", "body": "x"},
    ("PUT", "/api/rooms/{room_id}/messages/{seq}"): {"body": "x"},
    ("PUT", "/api/rooms/{room_id}/name"): {"name": "x", "scope": "all"},
    ("PATCH", "/api/rooms/{room_id}/preferences"): {"muted": True},
    ("PUT", "/api/rooms/{room_id}/cursor"): {"seq": 2},
    ("PUT", "/api/rooms/{room_id}/draft"): {"text": "x"},
    ("POST", "/api/rooms/{room_id}/reports"): {"reason": "spam"},
}


@pytest.fixture(scope="module")
def routes(office: Office) -> list[Route]:
    with office.rest(office.people[0].token) as rest:
        paths = rest.get("/api/docs/openapi.json").raise_for_status().json()["paths"]
    found = [Route(method.upper(), path) for path, methods in paths.items() for method in methods]
    assert len(found) >= 20
    return found


def test_every_route_but_those_on_the_list_wants_a_sign_in(office: Office, routes: list[Route]) -> None:
    assert {(route.method, route.path) for route in routes} >= OPEN_TO_ALL
    with office.rest() as rest:
        for route in routes:
            if (route.method, route.path) in OPEN_TO_ALL:
                continue
            for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Cookie": "sendjay_access=nonsense"}):
                answer = rest.request(route.method, route.filled("some-room"), headers=headers)
                assert answer.status_code in (401, 403), (route, answer.text)
                assert answer.json()["error"]["code"] in ("unauthorized", "not_allowed"), route


def test_what_is_served_outside_the_description_is_known(office: Office, routes: list[Route]) -> None:
    with office.rest() as rest:
        for path in OPEN_PAGES:
            assert rest.get(path).status_code == 200, path
        for path in (
            "/api",
            "/api/nothing",
            "/assets/../settings.py",
            "/assets/%2e%2e/%2e%2e/settings.py",
            "/.env",
            "/data",
        ):
            assert rest.get(path).status_code in (400, 401, 403, 404), path


def test_every_route_about_a_room_is_refused_and_absent_and_forbidden_look_alike(
    scene: Scene, routes: list[Route]
) -> None:
    about_rooms = [route for route in routes if "room_id" in route.parameters]
    assert len(about_rooms) >= 11
    for person in (scene.former, scene.stranger):
        with scene.office.rest(person.token) as rest:
            for route in about_rooms:
                body = BODIES.get((route.method, route.path))
                answers = [
                    rest.request(route.method, route.filled(room), json=body)
                    for room in (scene.room, scene.absent)
                ]
                told = [
                    (each.status_code, each.content, {k: v for k, v in each.headers.items() if k != "date"})
                    for each in answers
                ]
                assert told[0] == told[1], route
                assert answers[0].status_code == 404, (route, answers[0].text)
                assert answers[0].json()["error"]["code"] == "not_found", route


@pytest.fixture
def cookies(office: Office) -> dict[str, str]:
    (person,) = office.some(1)
    return {"Cookie": f"sendjay_access={person.token}"}


def test_another_sites_page_cannot_act_with_the_cookie(
    office: Office, routes: list[Route], cookies: dict[str, str]
) -> None:
    foreign: list[dict[str, str]] = [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {},
    ]
    with office.rest() as rest:
        assert rest.get("/api/rooms", headers=cookies).status_code == 200
        own = cookies | {"Origin": office.url, "Sec-Fetch-Site": "same-origin"}
        assert rest.patch("/api/me", headers=own, json={"nickname": "here"}).status_code == 200
        for headers in foreign:
            for route in routes:
                if route.method == "GET" or (route.method, route.path) in OPEN_TO_ALL:
                    continue
                answer = rest.request(route.method, route.filled("some-room"), headers=cookies | headers)
                assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed"), (
                    route,
                    headers,
                )


async def test_another_sites_page_cannot_open_a_socket(office: Office, cookies: dict[str, str]) -> None:
    for origin in (
        "https://evil.example",
        "null",
        f"http://127.0.0.1:{office.port}.evil.example",
        "http://localhost",
    ):
        with pytest.raises(websockets.InvalidStatus) as refused:
            await SocketClient.open(office, additional_headers=cookies | {"Origin": origin})
        assert refused.value.response.status_code == 403
    own = cookies | {"Origin": office.url}
    async with await SocketClient.open(office, additional_headers=own) as client:
        assert (await client.ask("hello"))["user"]


def test_no_answer_invites_other_sites_to_read_it(office: Office, cookies: dict[str, str]) -> None:
    with office.rest() as rest:
        for path in ("/api/rooms", "/api/me", "/api/server"):
            answer = rest.get(path, headers=cookies | {"Origin": "https://evil.example"})
            assert "access-control-allow-origin" not in answer.headers
            preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
            assert "access-control-allow-origin" not in rest.options(path, headers=preflight).headers
