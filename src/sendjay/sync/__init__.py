"""What changed since a client was here last."""
