"""Pages that combine packages: my desk, the catalogue with its promises, all requests, search."""
