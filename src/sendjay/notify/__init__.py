"""What a person wants to be told of, and how: personal settings, and the news for a badge."""
