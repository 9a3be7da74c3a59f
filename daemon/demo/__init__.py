"""The embedded company and the story that `make demo` plays."""
