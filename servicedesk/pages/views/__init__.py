"""Views of the pages that combine packages."""
