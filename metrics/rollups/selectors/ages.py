"""What is open at the end of a period, by age: straight from facts, since it changes with every minute."""

from collections.abc import Sequence

from django.db import connection

from metrics.rollups.ages import EDGES, AgeGroup, grouped_by_age
from metrics.rollups.selectors import conditions
from metrics.rollups.states import Scope

SECONDS = 86_400


def backlog_by_age(scope: Scope) -> Sequence[AgeGroup]:
    """The open requests that `backlog` counts, by days since filing, and how many are overdue. One query."""
    where = conditions.open_rows(scope)
    where.params["edges"] = [days * SECONDS for days in EDGES]
    sql = f"""
        SELECT width_bucket(extract(epoch FROM %(until)s - f.created_at), %(edges)s::numeric[]), count(*),
            count(*) FILTER (WHERE {conditions.OVERDUE})
        FROM metrics_requestfact AS f WHERE {where} GROUP BY 1
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, where.params)
        return grouped_by_age({place: (n, overdue) for place, n, overdue in cursor.fetchall()})
