"""What is said in a room, in order."""
