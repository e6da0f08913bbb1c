"""What a load balancer and a monitoring system ask."""

from __future__ import annotations

from pathlib import Path

from tests.clients import SocketClient
from tests.serving import Office

FIGURES = {
    "sendjay_connections": "gauge",
    "sendjay_commands": "counter",
    "sendjay_command_seconds": "histogram",
    "sendjay_deliveries": "counter",
    "sendjay_closes": "counter",
    "sendjay_event_loop_lag_seconds": "histogram",
    "sendjay_commit_seconds": "histogram",
    "sendjay_commit_group_size": "histogram",
    "sendjay_writer_queue": "gauge",
    "sendjay_sync_rooms": "counter",
}
"""Names that dashboards rely on."""


def test_a_server_at_work_is_alive_and_ready(office: Office) -> None:
    with office.rest() as rest:
        assert rest.get("/healthz").json() == {"status": "ok"}
        assert rest.get("/readyz").json() == {"status": "ok", "problems": [], "degraded": []}


async def test_figures_have_stable_names_and_count_what_happens(office: Office) -> None:
    one, two = office.some(2)
    before = office.measure("sendjay_commands_total", cmd="message.send", result="ok")
    async with await SocketClient.connect(office, one) as client, await SocketClient.connect(office, two):
        room = await client.create(two)
        for count in range(5):
            await client.send(room, f"{count}")
        assert await client.refusal("room.get", room="none") == "not_found"
        assert office.measure("sendjay_connections") == 2
        assert office.measure("sendjay_commands_total", cmd="message.send", result="ok") - before == 5
        assert office.measure("sendjay_commands_total", cmd="room.get", result="not_found") >= 1
        assert office.measure("sendjay_commit_group_size_sum") >= 5
        await client.ask("sync", rooms={room: [2, -1]}, personal=0)
        assert office.measure("sendjay_sync_rooms_total", outcome="exact") >= 1
        with office.rest() as rest:
            text = rest.get("/metrics").text
        for name, kind in FIGURES.items():
            shown = f"{name}_total" if kind == "counter" else name
            assert f"# TYPE {shown} {kind}" in text or f"# TYPE {name} {kind}" in text, name
        assert room not in text
        assert one.id not in text


def test_the_figures_can_be_kept_private(tmp_path: Path) -> None:
    office = Office(tmp_path, 1, metrics="false")
    office.start()
    try:
        with office.rest() as rest:
            assert rest.get("/metrics").status_code in (401, 404)
            assert rest.get("/healthz").status_code == 200
    finally:
        office.stop()


async def test_every_command_counts_with_its_result_and_its_time(office: Office) -> None:
    one, two = office.some(2)

    def counted(cmd: str, result: str) -> float:
        return office.measure("sendjay_commands_total", cmd=cmd, result=result)

    def timed(cmd: str) -> float:
        return office.measure("sendjay_command_seconds_count", cmd=cmd)

    at_once = ("tick", "presence.watch", "typing.set", "read.mark")
    before = {cmd: (counted(cmd, "ok"), timed(cmd)) for cmd in at_once}
    refused = counted("hello", "unauthorized"), counted("hello", "ok"), counted("", "malformed")
    closed = office.measure("sendjay_closes_total", code="4001")
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two)
        await client.send(room, "seen")
        await client.ask("room.open", room=room)
        await client.ask("tick")
        await client.ask("presence.watch", people=[two.id])
        await client.ask("typing.set", room=room, typing=True)
        await client.ask("read.mark", room=room, seq=1)
        await client.send_raw("{")
        await client.ask("tick")
    stranger = await SocketClient.open(office)
    assert await stranger.refusal("hello", token="not.a.token") == "unauthorized"
    await stranger.close()
    for cmd in at_once:
        ok, seconds = before[cmd]
        assert counted(cmd, "ok") > ok, cmd
        assert timed(cmd) > seconds, cmd
    assert counted("hello", "unauthorized") == refused[0] + 1
    assert counted("hello", "ok") == refused[1] + 1
    assert counted("", "malformed") == refused[2] + 1
    assert office.measure("sendjay_closes_total", code="4001") == closed + 1
    assert office.measure("sendjay_writer_queue") == 0
