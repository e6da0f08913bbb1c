"""Item-linked chat: what hosts register, the rooms about it, and how deals stand."""
