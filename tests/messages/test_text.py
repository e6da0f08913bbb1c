"""What a message's text may be, and that it comes back as it was kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.clients import SocketClient, new_key
from tests.serving import Office

KEPT = {
    "4,000 letters": "x" * 4000,
    "4,000 syllables": "한" * 4000,
    "2,000 emoji of two units": "\U0001f600" * 2000,
    "newlines and tabs": "one\n\ttwo\n",
    "an emoji family": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "right to left": "\u0645\u0631\u062d\u0628\u0627",
    "markup": "<script>alert(1)</script>",
    "what looks like JSON": '{"ev":"message.new"}',
    "quotes and backslashes": "\"'\\ \\u0041 %s {} $1",
    "the last code point": "\U0010ffff",
    "an invisible joiner among words": "a\u200db",
}
REFUSED = {
    "4,001 letters": ("x" * 4001, "too_long"),
    "4,001 syllables": ("한" * 4001, "too_long"),
    "2,001 emoji of two units": ("\U0001f600" * 2001, "too_long"),
    "3,999 letters and an emoji": ("x" * 3999 + "\U0001f600", "too_long"),
    "nothing but spaces": ("   ", "invalid"),
    "nothing but line breaks": ("\n\n\t", "invalid"),
    "nothing but wide spaces": ("\u3000\u00a0", "invalid"),
    "NUL": ("a\x00b", "invalid"),
    "escape": ("a\x1b[31mb", "invalid"),
    "carriage return": ("a\rb", "invalid"),
    "delete": ("a\x7fb", "invalid"),
    "a C1 control": ("한\x9b", "invalid"),
    "half an emoji": ("a\ud83d", "malformed"),
    "the other half": ("\ude00 한", "malformed"),
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
async def test_text_comes_back_as_it_was_sent(office: Office, text: str) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, two) as b:
        room = await a.create(two)
        ack = await a.send(room, text)
        live = (await b.event("message.new", room=room))["message"]
        assert live["body"] == text
        assert (await b.ask("message.history", room=room))["messages"] == [live]
        assert (live["seq"], live["at"]) == (ack["seq"], ack["at"])


@pytest.mark.parametrize(("text", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_text_that_cannot_be_kept_is_refused_and_leaves_nothing(
    office: Office, text: str, code: str
) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        room, key = await client.create(two), new_key()
        refused = await client.refusal("message.send", room=room, client_id=key, body=text)
        assert refused == code
        with office.rest(one.token) as rest:
            body = escaped({"client_id": key, "body": text})
            answer = rest.post(
                f"/api/rooms/{room}/messages", content=body, headers={"Content-Type": "application/json"}
            )
            assert answer.status_code in (400, 413)
        assert await client.timeline(room) == []
        # The key is still free: nothing was done under it.
        assert (await client.send(room, "as it should be", key))["seq"] == 1


def escaped(value: Any) -> bytes:
    return json.dumps(value).encode()


async def test_text_is_kept_in_its_composed_form(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two)
        await client.send(room, "\u1112\u1161\u11ab\u1100\u1173\u11af e\u0301")
        (row,) = await client.timeline(room)
        assert row["body"] == "한글 \u00e9"


async def test_decomposed_text_is_measured_as_it_is_kept(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two)
        assert (await client.send(room, "\u1100\u1161" * 2000))["seq"] == 1


async def test_history_goes_by_pages_in_both_directions(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two)
        for n in range(1, 26):
            await client.send(room, str(n))

        async def page(**where: int) -> tuple[list[int], bool, bool]:
            answer = await client.ask("message.history", room=room, limit=10, **where)
            seqs = [row["seq"] for row in answer["messages"]]
            return seqs, answer.get("more_before", False), answer.get("more_after", False)

        assert await page() == (list(range(16, 26)), True, False)
        assert await page(before=16) == (list(range(6, 16)), True, True)
        assert await page(before=6) == (list(range(1, 6)), False, True)
        assert await page(after=0) == (list(range(1, 11)), False, True)
        assert await page(after=20) == (list(range(21, 26)), True, False)
        assert await page(around=12) == (list(range(7, 17)), True, True)
        assert await page(around=1) == (list(range(1, 6)), False, True)
        assert await page(around=25) == (list(range(20, 26)), True, False)
        assert await page(before=1) == ([], False, False)
        assert await page(after=25) == ([], False, False)
        with office.rest(one.token) as rest:
            answer = rest.get(f"/api/rooms/{room}/messages", params={"before": 16, "limit": 10})
            assert [row["seq"] for row in answer.json()["messages"]] == list(range(6, 16))
