"""Socket commands of items."""

from __future__ import annotations

from sendjay.items.service import ItemsService, ref_of
from sendjay.protocol.commands import ItemAsk, ItemRooms, ItemsAsked, ItemsComing, ItemSend, ItemsOwned
from sendjay.protocol.replies import ComingAnswer, ItemAnswer, ItemRoomsAnswer, OwnedAnswer, SendAnswer
from sendjay.realtime.actors import actor_of
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.session import Session


def register(dispatcher: Dispatcher, service: ItemsService) -> None:
    """Answer item.* and items.* on the socket."""

    async def ask(session: Session, asked: ItemAsk) -> ItemAnswer:
        ref = ref_of(asked.item.kind, asked.item.id)
        return await service.ask(actor_of(session), ref, asked.ticket, asked.pass_, asked.history)

    async def send(session: Session, asked: ItemSend) -> SendAnswer:
        ref = ref_of(asked.item.kind, asked.item.id)
        return await service.send(
            actor_of(session), ref, asked.client_id, asked.body, asked.files, asked.pass_
        )

    async def owned(session: Session, asked: ItemsOwned) -> OwnedAnswer:
        return await service.owned(actor_of(session), asked.after, asked.limit)

    async def mine(session: Session, asked: ItemsAsked) -> ItemRoomsAnswer:
        return await service.asked(actor_of(session), asked.after, asked.limit)

    async def rooms(session: Session, asked: ItemRooms) -> ItemRoomsAnswer:
        ref = ref_of(asked.item.kind, asked.item.id)
        return await service.rooms(actor_of(session), ref, asked.after, asked.limit)

    async def coming(session: Session, _asked: ItemsComing) -> ComingAnswer:
        return await service.coming(actor_of(session))

    dispatcher.on(ItemAsk, ask)
    dispatcher.on(ItemSend, send)
    dispatcher.on(ItemsOwned, owned)
    dispatcher.on(ItemsAsked, mine)
    dispatcher.on(ItemRooms, rooms)
    dispatcher.on(ItemsComing, coming)
