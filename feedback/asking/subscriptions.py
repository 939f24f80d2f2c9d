"""What the rating of the asking adds to pages."""

from feedback.asking import panels

panels.register()
