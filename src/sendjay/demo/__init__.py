"""A made-up group of three companies, to try the messenger on: people, rooms and weeks of talk."""
