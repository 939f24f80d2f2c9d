"""Pages of the desk: find what the reader may see, check what was typed, let a service act, show the result."""
