"""Talks over pages."""
