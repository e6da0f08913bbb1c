"""A small company with the real accounts and directory over REST: a real database, no sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar

from sendjay.accounts.authentication import authentication
from sendjay.accounts.model import NewAccount
from sendjay.accounts.pace import Pace
from sendjay.accounts.routes import create_router as accounts_router
from sendjay.accounts.service import AccountsService
from sendjay.directory.routes import create_router as directory_router
from sendjay.directory.service import DirectoryService
from sendjay.realtime.bus.memory import MemoryBus
from sendjay.rest import EXCEPTION_HANDLERS
from sendjay.settings import Settings
from sendjay.storage.database import Database
from sendjay.storage.tables import metadata
from sendjay.storage.writer import Writer

PASSWORD = "correct horse"


class Office:
    """One running installation; `delivered` is what would have been told to connections."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database)
        metadata.create_all(self.database.engine)
        self.delivered: list[Any] = []
        self.writer = Writer(self.database, self.delivered.extend)
        self.directory = DirectoryService(self.database, self.writer)
        self.accounts = AccountsService(self.database, self.writer, settings, self.directory, MemoryBus())
        self.app = Litestar(
            route_handlers=[accounts_router(self.accounts, settings), directory_router(self.directory)],
            middleware=[authentication(self.accounts, settings, Pace(settings))],
            exception_handlers=EXCEPTION_HANDLERS,
            openapi_config=None,
        )

    def client(
        self, address: str = "10.0.0.1", token: str | None = None, scheme: str = "http"
    ) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 1234))
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(transport=transport, base_url=f"{scheme}://office.example", headers=headers)

    async def hire(self, login: str, name: str = "홍길동", **more: Any) -> str:
        """Somebody new, with PASSWORD; their user id."""
        return (await self.accounts.register.add(NewAccount(login, name, PASSWORD, **more))).user_id

    async def sign_in(self, login: str, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
        async with self.client() as client:
            answer = await client.post(
                "/api/auth/sign-in", json={"login": login, "password": password, **more}
            )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def signed_in(self, login: str) -> httpx.AsyncClient:
        return self.client(token=(await self.sign_in(login))["access_token"])

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self.database.read_now(
            lambda connection: [tuple(row) for row in connection.exec_driver_sql(sql)]
        )


@asynccontextmanager
async def open_office(data_dir: Path, **settings: Any) -> AsyncIterator[Office]:
    office = Office(Settings(data_dir=str(data_dir), **settings))
    office.writer.start()
    await office.accounts.start()
    try:
        yield office
    finally:
        await office.writer.stop()
        office.accounts.close()
        office.database.close()
