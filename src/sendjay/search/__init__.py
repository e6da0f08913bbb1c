"""Search: messages found by any part of a Korean word, and by the beginning of others."""
