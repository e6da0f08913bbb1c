"""Takes the figures: starts a server on one core, a load on the other, the yardsticks after it, and prints lines."""
