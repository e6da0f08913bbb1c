"""What a node serves: connections, REST and its documents, the web client."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.types import ASGIApp, Receive, Scope, Send

from sendjay import health, web
from sendjay.accounts import device_routes
from sendjay.accounts import routes as accounts_routes
from sendjay.accounts.authentication import authentication
from sendjay.accounts.pace import Pace
from sendjay.api_page import ApiPage
from sendjay.app.messenger import Messenger
from sendjay.directory import routes as directory_routes
from sendjay.drafts import routes as drafts_routes
from sendjay.embed import routes as embed_routes
from sendjay.embed.cross_origin import let_in
from sendjay.files import routes as files_routes
from sendjay.files import upload_routes
from sendjay.files.serving import Serving
from sendjay.items import routes as items_routes
from sendjay.messages import routes as messages_routes
from sendjay.notify import routes as notify_routes
from sendjay.previews import routes as previews_routes
from sendjay.reads import routes as reads_routes
from sendjay.rest import EXCEPTION_HANDLERS, add_safe_headers, https_only
from sendjay.rooms import routes as rooms_routes
from sendjay.safety import routes as safety_routes
from sendjay.search import routes as search_routes

SOCKET_PATH = "/ws"


def create_app(messenger: Messenger) -> ASGIApp:
    """The ASGI application of a node: connections go straight to their endpoint, the rest to REST."""
    rest = let_in(create_rest(messenger), messenger.settings.embed_origins)
    sockets: Any = messenger.socket
    stream: Any = messenger.stream

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and scope["path"] == SOCKET_PATH:
            await sockets(scope, receive, send)
        elif scope["type"] == "http" and messenger.stream.owns(scope["path"]):
            await stream(scope, receive, send)
        else:
            await rest(scope, receive, send)

    return serve


def create_rest(messenger: Messenger) -> Litestar:
    """REST, its documents and the web client; it also starts and stops the node."""
    settings = messenger.settings
    pace = Pace(settings)

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncGenerator[None]:
        async with messenger.running():
            yield

    routes: list[Any] = [
        accounts_routes.create_router(messenger.accounts, settings),
        device_routes.create_router(messenger.accounts.devices, messenger.connected_sessions),
        directory_routes.create_router(messenger.directory),
        rooms_routes.create_router(messenger.rooms, messenger.membership),
        messages_routes.create_router(messenger.messages),
        previews_routes.create_router(messenger.previews),
        reads_routes.create_router(messenger.reads),
        drafts_routes.create_router(messenger.drafts),
        notify_routes.create_router(messenger.notify),
        search_routes.create_router(messenger.search),
        items_routes.create_router(messenger.items, messenger.hosting),
        safety_routes.create_router(messenger.safety),
        files_routes.create_router(Serving(messenger.files, settings)),
        upload_routes.create_router(messenger.files.uploads, settings),
        health.create_router(messenger.health, metrics=settings.metrics),
        embed_routes.create_router(messenger.embed, settings),
        web.create_router(settings.embed_origins),
    ]
    return Litestar(
        routes,
        lifespan=[lifespan],
        middleware=[authentication(messenger.accounts, settings, pace), pace],
        exception_handlers=EXCEPTION_HANDLERS,
        before_send=[add_safe_headers, https_only(settings.hsts_seconds)],
        openapi_config=OpenAPIConfig(
            title="Sendjay",
            version=version("sendjay"),
            path="/api/docs",
            render_plugins=[ApiPage(path="/")],
            use_handler_docstrings=True,
        ),
        logging_config=None,
        request_max_body_size=1_048_576,
    )
