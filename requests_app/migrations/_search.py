"""Extensions and the search functions that generated columns need; before any table.

Text is indexed in two ways at once: words by the Russian configuration (which stems Latin words as
English), and each run of Chinese or Japanese characters as overlapping pairs, because those
scripts do not put spaces between words.
"""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

CJK = "[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]"

FORWARD = f"""
CREATE FUNCTION desk_pairs(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(substr(run.found[1], place, 2), ' ' ORDER BY run.nth, place), '')
    FROM regexp_matches(value, '({CJK}+)', 'g') WITH ORDINALITY AS run(found, nth),
         generate_series(1, greatest(length(run.found[1]) - 1, 1)) AS place
$$;
CREATE FUNCTION desk_tsv(value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN value ~ '{CJK}' THEN
        to_tsvector('pg_catalog.russian', regexp_replace(value, '{CJK}+', ' ', 'g'))
            || to_tsvector('pg_catalog.simple', desk_pairs(value))
    ELSE to_tsvector('pg_catalog.russian', value) END
$$;
CREATE FUNCTION desk_query(typed text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT websearch_to_tsquery('pg_catalog.russian', regexp_replace(typed, '{CJK}+', ' ', 'g'))
        && coalesce((
            SELECT string_agg(CASE WHEN length(run.found[1]) = 1 THEN quote_literal(run.found[1]) || ':*'
                ELSE '(' || phraseto_tsquery('pg_catalog.simple', desk_pairs(run.found[1]))::text || ')' END, ' & ')
            FROM regexp_matches(typed, '({CJK}+)', 'g') AS run(found)), '')::tsquery
$$;
"""
BACKWARD = "DROP FUNCTION desk_query(text); DROP FUNCTION desk_tsv(text); DROP FUNCTION desk_pairs(text);"


OPERATIONS = [TrigramExtension(), BtreeGistExtension(), migrations.RunSQL(FORWARD, BACKWARD)]
