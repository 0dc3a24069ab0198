-- What is still owed about a match: its page, and the word about it. Whoever publishes or corrects a number notes the
-- debt in the same transaction, so that a run that fails, or is killed, leaves it to the next.

set local search_path to xgoals, public;

create table match_news (
    provider text not null,
    match_id text not null,
    page     text not null default 'due' check (page in ('due', 'later', 'written')),
    mail_due boolean not null default true,
    told     jsonb,
    primary key (provider, match_id),
    foreign key (provider, match_id) references match on delete cascade
);
create index match_news_due_idx on match_news (provider, match_id) where page <> 'written' or mail_due;
comment on table match_news is 'One row a published match: what is owed about it, and what mails have told of it.';
comment on column match_news.page is
    'due: a number of it was published, or its data changed, since its page was written. later: one of a backfill; '
    'runs that bring something write some of these besides.';
comment on column match_news.mail_due is
    'A number of it was published, or its data changed, since mails about its matchday were written.';
comment on column match_news.told is
    'What mails told last: [is_goal, xg, player, team, period, minute] by shot_id. Null: nothing yet.';

-- What is there counts as told, but for what was published by runs that failed after the last success.
with of_failed as (
    select run_id from run
    where state = 'failed'
      and started_at > (select coalesce(max(started_at), '-infinity') from run where state = 'success')),
latest as (
    select distinct on (shot_key) shot_key, xg, run_id in (select run_id from of_failed) as is_untold
    from shot_xg where publication is not null
    order by shot_key, publication desc),
state as (
    select s.provider, s.match_id, bool_and(l.is_untold) as is_untold,
           jsonb_object_agg(s.shot_id, jsonb_build_array(
               s.is_goal, l.xg, coalesce(p.short_name, p.name), t.name, s.period, s.minute)) as shots
    from latest l
    join shot s using (shot_key)
    join team t on (t.provider, t.team_id) = (s.provider, s.team_id)
    left join player p on (p.provider, p.player_id) = (s.provider, s.player_id)
    group by s.provider, s.match_id)
insert into match_news (provider, match_id, page, mail_due, told)
select provider, match_id, case when is_untold then 'due' else 'written' end, is_untold,
       case when not is_untold then shots end from state;
