"""Safety among strangers: blocking, reporting, warnings, hidden phone numbers."""
