"""All chores of the clean-up, from the features that keep something for a while."""

from __future__ import annotations

from sendjay.accounts import chores as accounts_chores
from sendjay.files.service import messages_go
from sendjay.items import chores as items_chores
from sendjay.messages import chores as messages_chores
from sendjay.previews import chores as previews_chores
from sendjay.rooms import retention
from sendjay.search import chores as search_chores
from sendjay.search.service import forget_below
from sendjay.settings import Settings
from sendjay.upkeep.service import Chore


def all_chores(settings: Settings) -> list[Chore]:
    return [
        # In this order: what the first hides from all, the second takes away.
        *retention.chores(settings),
        *messages_chores.chores(forget=[messages_go, forget_below]),
        *previews_chores.chores(retention.kept_days(settings)),
        *search_chores.chores(),
        *items_chores.chores(),
        *accounts_chores.chores(settings),
    ]
