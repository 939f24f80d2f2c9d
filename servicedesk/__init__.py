"""Composition root: settings, addresses, the Celery application, pages that combine apps.

Imports nothing: `./desk` reads `servicedesk.launcher` before any package is installed.
"""
