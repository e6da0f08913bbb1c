"""The wire contract: every command, reply and event as a Struct; the single source of all generated docs."""
