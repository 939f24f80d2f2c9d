"""Joint groups over pages."""
