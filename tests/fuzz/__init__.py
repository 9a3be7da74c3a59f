"""Many more orders of what people and the daemon do in the shared ledger than a test has time for."""
