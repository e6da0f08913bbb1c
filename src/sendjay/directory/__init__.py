"""The org tree and its people."""
