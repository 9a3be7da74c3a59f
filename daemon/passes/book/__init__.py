"""The shared ledger: what people saved is read and decided row by row, then the rows are brought up to date."""
