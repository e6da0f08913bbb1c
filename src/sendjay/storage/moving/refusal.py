"""Why a move does not happen, or cannot go on."""

from __future__ import annotations


class MoveRefused(Exception):
    """The text is for whoever asked for the move: what is the case, and what to do."""
