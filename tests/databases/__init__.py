"""Real databases for tests: private servers on free ports, in folders of their own."""
