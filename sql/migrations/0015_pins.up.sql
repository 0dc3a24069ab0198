-- A champion may be pinned: challengers are judged, and do not replace it. Bytes of models that were refused long ago
-- may be cleaned away; name, figures and decisions stay.

create table xgoals.pin (
    only_row      boolean primary key default true check (only_row),
    model_version text not null references xgoals.model_version,
    pinned_at     timestamptz not null
);
comment on table xgoals.pin is 'One row at most: the champion that stays until a person says otherwise.';

alter table xgoals.model_version alter column booster drop not null;
comment on column xgoals.model_version.booster is
    'The model''s bytes; null for one that was never champion and has been cleaned away.';
