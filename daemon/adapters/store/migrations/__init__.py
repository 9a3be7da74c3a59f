"""How the tables came to be, revision by revision; run by migrate.py, never by hand."""
