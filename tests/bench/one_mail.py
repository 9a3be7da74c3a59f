"""Reads one mail and tells what that cost: `python -m tests.bench.one_mail FILE`, the company on stdin.

It imports what a child that reads has to, and nothing else.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from pathlib import Path

from daemon.intake.limits import UnreadableMail
from daemon.intake.read import read
from tests.bench.measured import peak_memory


def main(path: Path) -> None:
    """Read the mail."""
    directory, known = pickle.loads(sys.stdin.buffer.read())
    raw = path.read_bytes()
    begun = time.process_time()
    try:
        said = str(read(raw, directory, known).kind)
    except UnreadableMail as refused:
        said = f"refused: {refused.reason}"
    print(json.dumps({"said": said, "cpu": time.process_time() - begun, "peak": peak_memory()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
