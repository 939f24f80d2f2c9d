"""Settings: their first page, what combines packages, and the history of changes."""
