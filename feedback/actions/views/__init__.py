"""Corrective actions and their causes over pages."""
