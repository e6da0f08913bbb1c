"""The generated contract says what the code does."""
