"""When the database slows, senders are sent away before queues grow; what was refused comes again and arrives
once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import SECONDS, Json, RefusedError, SocketClient, new_key
from tests.promises.conftest import FAST_TALKERS
from tests.promises.slow_database import held
from tests.serving import Office, eventually, run_office

WAIT_SECONDS = 0.4
QUEUE_BYTES = 1_048_576
BODY = "한" * 3900
"""8 KB in the server's memory."""
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def office(office_folder: Path) -> Iterator[Office]:
    limits = {"writer_wait_seconds": WAIT_SECONDS}
    yield from run_office(office_folder, 12, **FAST_TALKERS, **limits)


@pytest.fixture(scope="module")
def patient_office(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Where nobody is sent away for the time they would wait."""
    del database  # chosen before the company is founded
    limits = {"writer_wait_seconds": 60, "writer_queue_bytes": QUEUE_BYTES}
    yield from run_office(tmp_path_factory.mktemp("patient"), 12, **FAST_TALKERS, **limits)


class Talker:
    """Sends as the web client does: one at a time, and what is put off again under the same key."""

    def __init__(self, client: SocketClient, room: str) -> None:
        self.client = client
        self.room = room
        self.put_off: list[Json] = []
        self.acked: list[str] = []

    async def say(self, body: str) -> None:
        key = new_key()
        while True:
            try:
                await self.client.send(self.room, body, key)
            except RefusedError as refused:
                self.put_off.append(refused.error)
                await asyncio.sleep(refused.error["retry_after_ms"] / 1000)
            else:
                self.acked.append(body)
                return

    async def talk(self) -> None:
        for count in range(2):
            await self.say(f"{self.client.welcome['user']}: {count}")


async def test_who_is_sent_away_while_the_database_is_held_comes_again_and_arrives_once(
    office: Office,
) -> None:
    people = office.some(12)
    clients = [await SocketClient.connect(office, person) for person in people]
    room = await clients[0].create(*people[1:])
    talkers = [Talker(client, room) for client in clients for _ in range(10)]
    with held(office):
        talking = [asyncio.ensure_future(talker.talk()) for talker in talkers[:60]]
        await asyncio.sleep(2 * WAIT_SECONDS)
        # From here on nobody waits for the database: whoever comes is told so at once.
        talking += [asyncio.ensure_future(talker.talk()) for talker in talkers[60:]]
        late = talkers[60:]
        assert await asyncio.to_thread(eventually, lambda: all(each.put_off for each in late), SECONDS)
        assert not any(talker.acked for talker in talkers)
        assert not any(talker.put_off for talker in talkers[:60])
        assert office.measure("sendjay_writer_queue") <= 60
    await asyncio.gather(*talking)
    told = [each for talker in talkers for each in talker.put_off]
    assert all(each["code"] == "busy" and each["retry"] for each in told)
    assert office.measure("sendjay_refusals_total", reason="writer_slow") >= 60
    said = Counter(row["body"] for row in await clients[0].timeline(room) if row.get("kind") != "notice")
    # Ten talkers of one person count alike.
    assert said == Counter(body for talker in talkers for body in talker.acked)
    assert said.total() == 2 * len(talkers)
    for client in clients:
        await client.close()


async def test_what_waits_is_bounded_in_bytes(patient_office: Office) -> None:
    office = patient_office
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two)
        before = office.memory()
        with held(office):
            asked = [
                await client.post("message.send", room=room, client_id=new_key(), body=BODY)
                for _ in range(400)
            ]
            await client.settle()
            assert 0 < office.measure("sendjay_writer_queue_bytes") <= QUEUE_BYTES
            assert office.memory() - before < 16 * MEGABYTE
        answers = await asyncio.gather(*asked, return_exceptions=True)
        accepted = [each for each in answers if not isinstance(each, BaseException)]
        assert 50 < len(accepted) <= QUEUE_BYTES // len(BODY.encode("utf-16-le"))
        refusals = [each for each in answers if isinstance(each, RefusedError)]
        assert len(refusals) == 400 - len(accepted)
        assert all(each.code == "busy" and each.error["retry_after_ms"] >= 500 for each in refusals)
        assert office.measure("sendjay_refusals_total", reason="writer_bytes") == len(refusals)
        assert len(await client.timeline(room)) == len(accepted)


async def test_one_person_fills_only_a_small_part_of_the_queue(patient_office: Office) -> None:
    office = patient_office
    one, *others = office.some(8)
    async with await SocketClient.connect(office, one) as client:
        rooms = [await client.create(other) for other in others]
        with held(office):
            asked = [
                await client.post("message.send", room=rooms[n % 7], client_id=new_key(), body=f"{n}")
                for n in range(600)
            ]
            other = await SocketClient.connect(office, others[0])
            answer = await other.post("message.send", room=rooms[0], client_id=new_key(), body="me too")
        await answer
        await other.close()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        codes = Counter(each.code for each in answers if isinstance(each, RefusedError))
        assert codes == {"rate_limited": 200}


async def test_whom_the_server_was_too_busy_for_has_made_no_error(tmp_path: Path) -> None:
    for office in run_office(tmp_path, 2, writer_queue=1, errors_burst=3):
        one, two = office.people
        async with await SocketClient.connect(office, one) as client:
            room = await client.create(two)
            with held(office):
                waits = await client.post("message.send", room=room, client_id=new_key(), body="waits")
                for _ in range(10):
                    refused = await client.refusal("message.send", room=room, client_id=new_key(), body="no")
                    assert refused == "busy"
            assert (await waits)["seq"] == 1
