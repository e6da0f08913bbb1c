"""G7 under load: killed and restarted while people talk, and every screen counted talk by talk."""

from __future__ import annotations

import threading
import time

import httpx
import pytest

from tests.browser import witness
from tests.browser.conftest import TakeDesk
from tests.clients import new_key
from tests.fault_proxy import FaultProxy
from tests.serving import Office, Person

pytestmark = pytest.mark.browser

TALKS = 60
OWN = 12
TALL = {"width": 1000, "height": 6000}
"""All of it fits on the screen: a talk that is scrolled out of sight could not be counted."""


class Speaker(threading.Thread):
    """Talks over REST; what was not acknowledged it says again, under the same key."""

    def __init__(self, line: FaultProxy, person: Person, room: str) -> None:
        super().__init__(daemon=True)
        self.said: list[str] = []
        self._line = line
        self._room = room
        self._headers = {"Authorization": f"Bearer {person.token}"}
        self.start()

    def run(self) -> None:
        with httpx.Client(headers=self._headers, timeout=5, trust_env=False) as client:
            for number in range(TALKS):
                text = f"s{number:03}"
                talk = {"client_id": new_key(), "body": text}
                while not self._say(client, talk):
                    time.sleep(0.1)
                self.said.append(text)
                time.sleep(0.05)

    def _say(self, client: httpx.Client, talk: dict[str, str]) -> bool:
        url = f"http://127.0.0.1:{self._line.port}/api/rooms/{self._room}/messages"
        try:
            return client.post(url, json=talk).is_success
        except httpx.HTTPError:
            return False


def test_a_server_restarted_under_load_costs_no_screen_a_talk(office: Office, take_desk: TakeDesk) -> None:
    one, other = office.some(2)
    with FaultProxy(office.port) as line:
        left, right = (take_desk(each.id, port=line.port, viewport=TALL) for each in (one, other))
        for desk in (left, right):
            witness.watch(desk.page)
            desk.sign_in()
        left.open_direct(other.id)
        left.say("t000")
        right.open_first_chat("t000")
        right.sees("t000")
        room = left.page.url.rpartition("/")[2]
        speaker = Speaker(line, other, room)
        for number in range(OWN):
            left.say(f"w{number:03}")
            left.page.wait_for_timeout(300)
            if number % 4 == 2:
                # Killed, and the third time as an administrator would do it.
                office.kill() if number < 8 else office.stop()
                left.say(f"x{number:03}")
                office.start()
                line.target = office.port
        speaker.join(60)
        assert not speaker.is_alive()
        own = [f"w{number:03}" for number in range(OWN)]
        own = [each for w in own for each in ([w, f"x{w[1:]}"] if int(w[1:]) % 4 == 2 else [w])]
        right.sees(own[-1])
        left.sees(speaker.said[-1])
        for desk in (left, right):
            shown = desk.texts()
            assert len(shown) == 1 + TALKS + len(own)
            assert [text for text in shown if text[0] == "s"] == speaker.said
            assert [text for text in shown if text[0] in "wx"] == own
            witness.check(desk.page)
        assert left.texts() == right.texts()


def test_talks_that_were_kept_and_whose_acks_are_lost_are_said_once(
    office: Office, take_desk: TakeDesk
) -> None:
    one, other = office.some(2)
    with FaultProxy(office.port) as line:
        left = take_desk(one.id, port=line.port, viewport=TALL)
        right = take_desk(other.id, viewport=TALL)
        for desk in (left, right):
            witness.watch(desk.page)
            desk.sign_in()
        left.open_direct(other.id)
        left.say("t00")
        right.open_first_chat("t00")
        right.sees("t00")
        said = ["t00"]
        for number in range(1, 4):
            said.append(f"t{number:02}")
            line.half_open("client")
            left.say(said[-1])
            # It is kept and told; the ack is on its way to a line that breaks.
            right.sees(said[-1])
            line.mend()
            # A line is there again, and once the answer is seen no ack is on its way: they come in order.
            said += [f"w{number:02}", f"r{number:02}"]
            left.say(said[-2])
            right.sees(said[-2])
            right.say(said[-1])
            left.sees(said[-1])
        left.say("end")
        for desk in (left, right):
            desk.shows(*said, "end")
            witness.check(desk.page)
