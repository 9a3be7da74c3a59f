"""Lets `python -m daemon` do what the command `kesu` does."""

from daemon.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
