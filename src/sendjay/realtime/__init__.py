"""The socket side of the house: endpoint, session, dispatch, hub and presence."""
