"""Documents that people see as files: the 8D as a Word form, its name, and what may be filed beside it."""
