"""What is still on its way when a session ends is not done any more."""

from __future__ import annotations

import pytest

from sendjay.directory.model import ProfileEdit
from sendjay.notify.model import SettingsEdit
from sendjay.notify.service import NotifyService
from sendjay.protocol.errors import Code, Refused
from tests.accounts.office import Office


async def test_a_profile_is_not_edited_by_a_session_that_ended_after_it_was_let_in(office: Office) -> None:
    await office.hire("kim")
    claims = office.accounts.verify((await office.sign_in("kim"))["access_token"])
    actor = await office.accounts.actor_of(claims)
    await office.directory.edit_me(actor, ProfileEdit(nickname="before"))
    await office.accounts.sign_out(actor)
    with pytest.raises(Refused) as refused:
        await office.directory.edit_me(actor, ProfileEdit(nickname="after"))
    assert refused.value.code is Code.UNAUTHORIZED
    assert office.query("SELECT nickname FROM users") == [("before",)]


async def test_nor_are_settings(office: Office) -> None:
    await office.hire("kim")
    claims = office.accounts.verify((await office.sign_in("kim"))["access_token"])
    actor = await office.accounts.actor_of(claims)
    notify = NotifyService(office.database, office.writer)
    await office.accounts.devices.remove(actor, actor.session_id)
    with pytest.raises(Refused) as refused:
        await notify.edit_settings(actor, SettingsEdit(sound=False))
    assert refused.value.code is Code.UNAUTHORIZED
    assert office.query("SELECT sound_off FROM users") == [(0,)]
