"""Read cursors and the unread numbers that follow from them."""
