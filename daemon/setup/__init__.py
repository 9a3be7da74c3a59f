"""`kesu init`: asks an administrator a few questions, tries the servers out, and writes config.toml."""
