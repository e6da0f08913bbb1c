"""What the people who run it do and see."""
