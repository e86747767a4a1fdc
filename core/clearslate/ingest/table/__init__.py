"""Any table, read by a mapping file that says which column is what: the format ``table``."""
