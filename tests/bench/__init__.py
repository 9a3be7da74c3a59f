"""`make bench`: how fast and how large the daemon is, beside floors and beside a script; not collected by pytest."""
