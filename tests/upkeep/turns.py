"""The clean-up, made to begin anew."""

from __future__ import annotations

from tests.serving import Office


def all_are_due(office: Office) -> None:
    """Every chore is due. A turn that has begun is taken away as well: it may have looked before the test's
    rows were there, and would be done for a day.
    """
    office.change("UPDATE chores SET done_at = 0, holder = '', held_until = 0")
