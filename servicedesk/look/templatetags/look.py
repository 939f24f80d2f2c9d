"""{% load look %}: all tags and filters of the product. Reference with examples: docs/look.md."""

from django import template

from servicedesk.look.tags import figures, frame, kept, lists, marks, parts, words

register = template.Library()
for _part in (words, marks, figures, parts, frame, kept, lists):
    register.tags.update(_part.register.tags)
    register.filters.update(_part.register.filters)
