"""Several nodes as one: what one commits reaches the people at all others, in order, without holes."""
