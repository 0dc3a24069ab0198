-- Rows of archives. Of a match that comes in several files the one with the latest message counts, as when it is ingested.
create or replace temporary view archive as
select * except (place)
from (
    select *, dense_rank() over (partition by provider, match_id order by message_time desc nulls last, _file desc)
              as place
    from archive_row)
where place = 1
