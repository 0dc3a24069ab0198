-- Ties what stands in a row of a model to the row's own key: a checksum of its bytes does not tell whose a model is, and
-- rows that were swapped fit their checksums. See the columns of that name.

create or replace function xgoals.seal(variadic parts text[]) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select encode(sha256(convert_to(array_to_string(parts, chr(10), '-'), 'UTF8')), 'hex')
$$;
