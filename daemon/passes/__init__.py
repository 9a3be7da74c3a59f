"""One file a pass: read, decide, commit, act.  Straight lines, no rules."""
