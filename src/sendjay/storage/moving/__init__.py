"""Takes an installation from one database to another, and sees to it that everything arrived."""
