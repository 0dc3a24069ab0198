-- Whose a row is: a checksum over what it holds and its own key together.

create or replace function xgoals.seal(variadic parts text[]) returns text
language sql immutable set search_path to pg_catalog as $$
    select encode(sha256(convert_to(array_to_string(parts, chr(10), '-'), 'UTF8')), 'hex')
$$;
comment on function xgoals.seal is 'Ties what stands in a row to the row''s own key: see the columns of that name.';
