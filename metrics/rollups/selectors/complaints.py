"""Complaints as the log tells them: how many, between whom, never by whom."""

from django.db import connection

from metrics.rollups.states import Scope

_COUNTED = """
    SELECT (said.data ->> 'customer')::bigint, (said.data ->> 'supplier')::bigint, count(*)
    FROM events_event AS said
    WHERE said.subject_kind = 'voice' AND said.kind = 'voice.said' AND said.data ->> 'voice' = 'complaint'
        AND said.data ->> 'customer' IS NOT NULL AND said.at >= %s AND said.at < %s
        AND NOT EXISTS (
            SELECT FROM events_event AS gone
            WHERE gone.subject_kind = 'voice' AND gone.subject_id = said.subject_id AND gone.kind = 'voice.withdrawn'
        )
    GROUP BY 1, 2
"""


def complaints_of_pairs(scope: Scope) -> dict[tuple[int, int], int]:
    """(customer, supplier) → complaints filed in the period that were not taken back. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, scope.period.bounds(scope.zone))
        return {(customer, supplier): n for customer, supplier, n in cursor.fetchall()}
