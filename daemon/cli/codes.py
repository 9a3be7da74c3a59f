"""What a verb's exit code means."""

FINE, TO_MEND, WRONG_USAGE = 0, 1, 2
EXIT_CODES = "exit codes: 0 fine, 1 something to mend, 2 wrong usage"
