"""What somebody has begun to write, on all their devices."""
