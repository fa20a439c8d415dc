"""Tables: records in, rows out. Each module here makes one table; ``duban.writers`` puts rows into files."""
