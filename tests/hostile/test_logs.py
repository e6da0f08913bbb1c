"""What people say, and what lets them in, stands in no log, at whatever level and after whatever errors."""

from __future__ import annotations

import json

from tests.clients import SocketClient, new_key
from tests.serving import PASSWORD, Office

SECRET = "zanzibar-at-midnight"


async def test_no_body_token_or_password_is_ever_logged(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two)
        await client.send(room, SECRET)
        await client.ask("room.rename", room=room, name=SECRET, scope="me")
        for body in (SECRET * 300, SECRET + "\x00", SECRET + "\ud800"):
            await client.refusal("message.send", room=room, client_id=new_key(), body=body)
        await client.refusal("message.send", room=SECRET, client_id=new_key(), body=SECRET)
        for frame in (
            SECRET,
            json.dumps({"id": SECRET, "cmd": "tick"}),
            json.dumps({"id": 1, "cmd": SECRET}),
        ):
            await client.send_raw(frame)
        await client.settle()
    with office.rest(one.token) as rest:
        rest.post(f"/api/rooms/{room}/messages", json={"client_id": new_key(), "body": SECRET})
        rest.post(f"/api/rooms/{room}/messages", content=SECRET.encode() + b"{")
        rest.get("/api/directory/people", params={"q": SECRET})
        rest.get(f"/api/{SECRET}")
    with office.rest() as rest:
        signed_in = rest.post("/api/auth/sign-in", json={"login": two.id, "password": PASSWORD}).json()
        rest.post("/api/auth/sign-in", json={"login": two.id, "password": SECRET})
        rest.post("/api/auth/sign-in", json={"login": SECRET, "password": SECRET})
        rest.post("/api/auth/refresh", json={"refresh_token": signed_in["refresh_token"] + "x"})
        rest.get("/api/rooms", headers={"Authorization": f"Bearer {SECRET}"})
        renewed = rest.post("/api/auth/refresh", json={"refresh_token": signed_in["refresh_token"]}).json()
        rest.post("/api/auth/refresh", json={"refresh_token": signed_in["refresh_token"]})
    secrets = [SECRET, PASSWORD, one.token, signed_in["access_token"], signed_in["refresh_token"]]
    secrets += [renewed["access_token"], renewed["refresh_token"]]
    said = office.said()
    assert said, "the server logs, or this test proves nothing"
    for secret in secrets:
        assert secret not in said
