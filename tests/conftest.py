"""What every test may use."""

pytest_plugins = ["tests.no_skip", "pytester"]
