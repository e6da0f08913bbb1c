"""Wires everything together; the only place that knows all rooms of the house."""

from sendjay.app.messenger import Messenger
from sendjay.app.serving import SOCKET_PATH, create_app, create_rest

__all__ = ["SOCKET_PATH", "Messenger", "create_app", "create_rest"]
