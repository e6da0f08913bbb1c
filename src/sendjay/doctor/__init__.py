"""Looks an installation over, and says what is not as it should be and what to do about it."""
