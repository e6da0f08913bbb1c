"""Takes the figures: a server on one core, the load on the other, then the yardsticks; a JSON line each."""
