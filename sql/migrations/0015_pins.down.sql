drop table xgoals.pin;
-- What was cleaned away cannot come back: an empty model is refused by its checksum, as a damaged one is.
update xgoals.model_version set booster = '', sha256 = encode(sha256(''), 'hex') where booster is null;
alter table xgoals.model_version alter column booster set not null;
comment on column xgoals.model_version.booster is null;
