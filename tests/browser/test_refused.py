"""What the server refused waits for the person's word; what the network swallowed goes by itself."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import TakeDesk
from tests.browser.desk import Desk
from tests.serving import Office

pytestmark = pytest.mark.browser

REFUSED = "안 된다는 말"


class Gate:
    """Between a page and the server: answers some talks in the server's place."""

    def __init__(self, page: Page) -> None:
        self.says: str | None = None
        """The code that talks are refused with."""
        self.loses_answer = False
        """The next talk passes, and the line breaks before its answer does."""
        self.asked: list[str] = []
        """The talks that the page has tried to send."""
        self._asked_last: int | None = None
        page.route_web_socket("**/ws", self._open)

    def _open(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def answer(frame: str | bytes) -> None:
            if self.loses_answer and self._asked_last == json.loads(frame).get("re"):
                self.loses_answer = False
                socket.close(code=1011)
            else:
                socket.send(frame)

        def ask(frame: str | bytes) -> None:
            command = json.loads(frame)
            if command.get("cmd") == "message.send":
                self._asked_last = command["id"]
                self.asked.append(command["body"])
                if self.says is not None:
                    error = {"code": self.says, "message": "No.", "retry": False}
                    socket.send(json.dumps({"re": command["id"], "error": error}))
                    return
            server.send(frame)

        socket.on_message(ask)
        server.on_message(answer)


def at_a_gate(office: Office, take_desk: TakeDesk) -> tuple[Desk, Desk, Gate]:
    one, other = office.some(2)
    near = take_desk(other.id).sign_in()
    far = take_desk(one.id)
    gate = Gate(far.page)
    far.sign_in().open_direct(other.id)
    far.say("t00")
    near.open_first_chat("t00")
    near.shows("t00")
    return far, near, gate


def test_a_refused_talk_waits_for_resend_and_holds_no_other_up(office: Office, take_desk: TakeDesk) -> None:
    far, near, gate = at_a_gate(office, take_desk)
    gate.says = "not_allowed"
    far.say(REFUSED)
    resend = far.page.get_by_role("button", name="다시 보내기")
    resend.wait_for()
    gate.says = None
    far.say("t01")
    near.shows("t00", "t01")
    far.page.reload()
    resend.wait_for()
    far.page.wait_for_timeout(1500)
    assert gate.asked.count(REFUSED) == 1, "not without the person's word"
    near.shows("t00", "t01")
    resend.click()
    near.shows("t00", "t01", REFUSED)
    far.shows("t00", "t01", REFUSED)
    expect(resend).to_have_count(0)


def test_a_refused_talk_that_is_deleted_is_gone_for_good(office: Office, take_desk: TakeDesk) -> None:
    far, near, gate = at_a_gate(office, take_desk)
    gate.says = "too_long"
    far.say(REFUSED)
    resend = far.page.get_by_role("button", name="다시 보내기")
    resend.wait_for()
    gate.says = None
    far.page.get_by_role("button", name="삭제").click()
    expect(resend).to_have_count(0)
    far.page.reload()
    far.shows("t00")
    expect(resend).to_have_count(0)
    near.shows("t00")


def test_a_talk_whose_answer_was_lost_is_asked_for_again_by_itself_and_is_there_once(
    office: Office, take_desk: TakeDesk
) -> None:
    far, near, gate = at_a_gate(office, take_desk)
    for number in (1, 2, 3):
        gate.loses_answer = True
        far.say(f"t0{number}", f"u0{number}")
        near.sees(f"t0{number}")
        near.sees(f"u0{number}")
    said = ["t00", "t01", "u01", "t02", "u02", "t03", "u03"]
    near.shows(*said)
    far.shows(*said)
    assert [gate.asked.count(f"t0{number}") for number in (1, 2, 3)] == [2, 2, 2]
