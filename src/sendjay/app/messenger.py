"""One node: every service, made and started in the order in which they need each other."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sendjay import health
from sendjay.accounts import control as accounts_control
from sendjay.accounts import cookies
from sendjay.accounts.service import AccountsService
from sendjay.chores import all_chores
from sendjay.control import ControlSocket, control_listener
from sendjay.directory import control as directory_control
from sendjay.directory.service import DirectoryService, Sight
from sendjay.drafts import commands as drafts_commands
from sendjay.drafts.service import DraftsService, drop_draft
from sendjay.embed.service import EmbedService
from sendjay.files.service import Attaching, FilesService, messages_go
from sendjay.items import commands as items_commands
from sendjay.items.service import Hosting, ItemsService, offering
from sendjay.messages import commands as messages_commands
from sendjay.messages.service import MessagesService
from sendjay.notify import commands as notify_commands
from sendjay.notify.service import NotifyService
from sendjay.previews.service import Previews
from sendjay.reads import commands as reads_commands
from sendjay.reads.service import ReadsService
from sendjay.realtime.bus.open import open_bus
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.endpoint import Endpoint
from sendjay.realtime.hub import Hub
from sendjay.realtime.loop_watch import LoopWatch
from sendjay.realtime.nodes.neighbours import Neighbours
from sendjay.realtime.nodes.relay import Relay
from sendjay.realtime.room_pace import RoomPace
from sendjay.realtime.stream import StreamEndpoint
from sendjay.realtime.upgrade import SocketEndpoint
from sendjay.rooms import commands as rooms_commands
from sendjay.rooms.membership import MembershipService
from sendjay.rooms.service import RoomsReader, RoomsService, met_among, met_by, once_met_among
from sendjay.safety import commands as safety_commands
from sendjay.safety import control as safety_control
from sendjay.safety.service import SafetyService, are_blocked, blocked_among
from sendjay.search import commands as search_commands
from sendjay.search.service import Sealer, SearchService, note_edit
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.installation import installation_id
from sendjay.storage.intake import WriterLimits
from sendjay.storage.readiness import UnusableDatabase, make_ready
from sendjay.storage.sole_use import SoleUse
from sendjay.storage.writer import Writer
from sendjay.sync import commands as sync_commands
from sendjay.sync.doubt import Doubt
from sendjay.sync.greeting import Greeter
from sendjay.sync.overtaken import Overtaken
from sendjay.sync.repair import Repairs
from sendjay.sync.service import SyncService
from sendjay.sync.sweep import Sweep
from sendjay.upkeep.service import Upkeep


class Messenger:
    """One node: all services, made in the order in which they need each other."""

    def __init__(self, settings: Settings, control: socket.socket | None = None) -> None:
        """`control`: the command line's listening socket, where several workers share it."""
        self.settings = settings
        self._control = control
        self.database = Database(settings.database, settings.readers)
        self.bus = open_bus(settings.redis_url)
        self._sole_use = SoleUse(self.database, hears_others=self.bus.is_distributed)
        self.hub = Hub(self._members_of, rooms_cached=settings.room_cache)
        self.relay, self.sweep = self._join_others()
        self.neighbours = self._meet_neighbours()
        deliver = self.hub.deliver if self.relay is None else self.relay.deliver
        self.writer = Writer(self.database, deliver, writer_limits(settings))
        self.doubt = Doubt(self.database, self.hub)
        if self.relay is None:
            self.writer.when_in_doubt(self.doubt.arise)
        self.directory = DirectoryService(self.database, self.writer, _sight(settings))
        self.accounts = AccountsService(self.database, self.writer, settings, self.directory, self.bus)
        self.hub.when_seen(self.accounts.seen.note)
        self.rooms = RoomsService(self.database, self.writer, settings)
        self.membership = MembershipService(
            self.writer,
            settings,
            self.directory.existing_people,
            self.directory.people_within_reach,
            blocked_among,
        )
        self.directory.when_disabled(self.membership.hand_over_rooms_of)
        self.drafts = DraftsService(self.database, self.writer)
        self.membership.when_gone(drop_draft)
        self.notify = NotifyService(self.database, self.writer)
        pace = RoomPace(self.hub, settings.room_deliveries_per_second)
        self.messages = MessagesService(self.database, self.writer, settings, pace)
        self.files = FilesService(self.database, self.writer, settings)
        self.directory.make_photos_with(self.files.make_photo)
        self.messages.attach_with(Attaching(settings.file_days))
        self.messages.when_revoked(messages_go)
        self.previews = Previews(self.database, self.writer, settings, self.messages, self.files.make_small)
        self.search = SearchService(self.database)
        self.sealer = Sealer(self.database, self.writer)
        self.messages.when_grown(self.sealer.want)
        self.messages.when_edited(note_edit)
        self.safety = SafetyService(self.database, self.writer, settings, self.messages)
        self.hosting = Hosting(self.database, self.writer, settings, self.accounts, are_blocked)
        self.items = ItemsService(
            self.database,
            self.writer,
            settings,
            self.messages,
            self.hosting,
            self.directory.existing_people,
            are_blocked,
            lambda: self.accounts.secret_for("items"),
        )
        self.embed = EmbedService(settings, self.accounts, self.directory, self.notify, self.items)
        self.reads = ReadsService(self.database, self.writer, settings)
        self.sync = SyncService(RoomsReader(), settings)
        self.upkeep = Upkeep(self.database, self.writer, all_chores(settings), settings.upkeep_seconds)
        self.loop_watch = LoopWatch()
        self.health = health.Health(self.database, self.writer, self.bus, self.loop_watch)
        self.dispatcher = Dispatcher()
        self.endpoint = Endpoint(self.hub, self.dispatcher, settings)
        self.socket = SocketEndpoint(
            self.endpoint.accept,
            self.endpoint.allows,
            settings.frame_bytes_max,
            admits=self.endpoint.admits,
        )
        self.stream = StreamEndpoint(
            self.endpoint,
            self.dispatcher,
            lambda token: self.accounts.verify(token).sid,
            cookies.ACCESS,
            settings,
            self.bus,
            lambda node: self.neighbours is None or self.neighbours.others.may_live(node),
        )
        self.control_handlers = {
            **accounts_control.handlers(self.accounts),
            **directory_control.handlers(self.directory),
            **safety_control.handlers(self.safety),
        }
        self._is_prepared = False
        self._register_commands()

    def _join_others(self) -> tuple[Relay, Sweep] | tuple[None, None]:
        """One process alone pays nothing for there being none."""
        if not self.bus.is_distributed:
            return None, None
        reader = RoomsReader()
        repairs = Repairs(self.database, reader)
        relay = Relay(self.hub, self.bus, repairs.missing, repairs.versions_of)
        return relay, Sweep(
            self.database, reader, self.hub, relay, self.bus, shown=self.settings.receipts == "all"
        )

    def _meet_neighbours(self) -> Neighbours | None:
        if self.relay is None:
            return None
        overtaken = Overtaken(self.database, self.hub.places, self.bus)
        return Neighbours(self.hub, self.bus, self.relay, overtaken, self.settings.tick_seconds)

    def _register_commands(self) -> None:
        greeter = Greeter(self.database, self.accounts, self.sync, self.hub, self.settings, self.relay)
        near = self.directory.near if self.settings.directory_shows == "met" else None
        sync_commands.register(self.dispatcher, greeter, self.sync, self.hub, self.database, self.relay, near)
        rooms_commands.register(self.dispatcher, self.rooms, self.membership, self.hub)
        messages_commands.register(self.dispatcher, self.messages)
        reads_commands.register(self.dispatcher, self.reads, self.rooms)
        drafts_commands.register(self.dispatcher, self.drafts)
        notify_commands.register(self.dispatcher, self.notify)
        search_commands.register(self.dispatcher, self.search)
        items_commands.register(self.dispatcher, self.items)
        safety_commands.register(self.dispatcher, self.safety)

    async def _members_of(self, room_id: str) -> tuple[int, tuple[str, ...]]:
        return await self.rooms.members_of(room_id)

    async def connected_sessions(self, user_id: str) -> set[str]:
        """Which of this person's sessions have a connection, at whichever node."""
        if self.neighbours is None:
            return self.hub.connected_sessions(user_id)
        return await self.neighbours.devices.connected_sessions(user_id)

    def prepare(self) -> None:
        """See to data folder and database, once. Raises OSError, UnusableDatabase or SQLAlchemy's errors."""
        if not self._is_prepared:
            self.settings.data_path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.files.prepare()
            make_ready(self.database)
            if not self._sole_use.take():
                raise UnusableDatabase(
                    "The database cannot be used: another server uses it, and the two would not hear of each "
                    "other. Stop one of them, or give both the same Redis (redis_url)."
                )
            self._is_prepared = True

    def leave(self) -> None:
        """The node will stop: nobody else is to be sent here."""
        self.health.stopping = True

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Serves connections, and the command line by the local socket."""
        async with self.writing():
            with self._control or control_listener(self.settings.data_path) as listener:
                control = ControlSocket(listener, self.control_handlers)
                await control.start()
                self.endpoint.start()
                self.loop_watch.start()
                self.files.start()
                self.previews.start()
                self.sealer.start()
                self.upkeep.start()
                try:
                    yield
                finally:
                    self.leave()
                    await control.stop()
                    self.loop_watch.stop()
                    await self.upkeep.stop()
                    # Pictures of links are made by the files' worker.
                    await self.previews.stop()
                    await self.sealer.stop()
                    await self.files.stop()
                    await self.endpoint.stop()

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[None]:
        """From an up-to-date schema to the last written command, without connections."""
        self.prepare()
        await self._start_bus()
        self.writer.start()
        await self.accounts.start()
        try:
            yield
        finally:
            await self.hub.stop()
            await self.accounts.stop()
            await self.writer.stop()
            self.files.close()
            await self.doubt.stop()
            await self._stop_bus()
            self.accounts.close()
            self._sole_use.let_go()
            self.database.close()

    async def _start_bus(self) -> None:
        if self.bus.is_distributed:
            known = await asyncio.to_thread(installation_id, self.database)
            await self.bus.start(self.settings.redis_prefix or f"sendjay:{known}")
        if self.sweep is not None:
            self.sweep.start()
        if self.neighbours is not None:
            self.neighbours.start()

    async def _stop_bus(self) -> None:
        if self.neighbours is not None:
            await self.neighbours.stop()
        if self.sweep is not None:
            await self.sweep.stop()
        if self.relay is not None:
            await self.relay.stop()
        # Last: what was written at the end is told to the others.
        await self.bus.stop()


def _sight(settings: Settings) -> Sight | None:
    return Sight(met_among, once_met_among, met_by, offering) if settings.directory_shows == "met" else None


def writer_limits(settings: Settings) -> WriterLimits:
    return WriterLimits(
        jobs=settings.writer_queue,
        size=settings.writer_queue_bytes,
        seconds=settings.writer_wait_seconds,
        group=settings.writer_group,
    )
