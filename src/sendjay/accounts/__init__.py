"""Who may sign in, and how a session lives and ends."""
