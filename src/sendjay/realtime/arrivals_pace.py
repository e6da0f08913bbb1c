"""How many may connect in a second, of one address and in all: whoever is beyond it costs next to nothing."""

from __future__ import annotations

from sendjay.realtime.addresses import network_of
from sendjay.realtime.allowance import Allowance, Allowances
from sendjay.settings import Settings
from sendjay.storage.measures import REFUSALS

_BURST_SECONDS = 2
"""A company that comes back at once comes within seconds."""


class ArrivalsPace:
    def __init__(self, settings: Settings) -> None:
        self._all = _allowance(settings.connects_per_second)
        rate = settings.connects_per_second_of_address
        self._addresses = Allowances(rate, max(1, round(rate * _BURST_SECONDS)))
        self._refusals = REFUSALS.labels("connections")

    def admits(self, address: str) -> bool:
        """One more connection from there; False: not now."""
        if self._addresses.take(network_of(address)) == 0 and self._all.take():
            return True
        self._refusals.inc()
        return False


def _allowance(rate: float) -> Allowance:
    return Allowance(rate, max(1, round(rate * _BURST_SECONDS)))
