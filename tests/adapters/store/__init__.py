"""The store: every verb, what must never happen, and the tables."""
