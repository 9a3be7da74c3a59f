"""I/O without rules: mail servers, the store, files, the clock."""
