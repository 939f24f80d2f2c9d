"""The paths of requests: counted, put together for a page, and the requests behind each count."""

from metrics.process.selectors.page import ProcessPage, process_page
from metrics.process.selectors.rows import count_behind, request_ids_behind, words_of

__all__ = ["ProcessPage", "count_behind", "process_page", "request_ids_behind", "words_of"]
