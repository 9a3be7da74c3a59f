"""From a planned notice to the bytes of a mail."""
