"""The messenger within a portal: tickets that the portal signs, and the portal's pages as callers."""
