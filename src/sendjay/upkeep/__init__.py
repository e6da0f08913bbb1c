"""The clean-up: what has had its time is taken away, bit by bit, by one node at a time."""
