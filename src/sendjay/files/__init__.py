"""Files that people send each other: uploads that go on after a break, served to those who may see them."""
