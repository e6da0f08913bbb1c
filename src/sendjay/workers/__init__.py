"""Several worker processes on one address, and the process that sees to them."""
