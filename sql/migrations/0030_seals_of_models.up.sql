-- A checksum of its bytes does not tell whose a model is: rows that were swapped fit their checksums. A seal does.

set local search_path to xgoals, public;

alter table model_version add column seal text;
alter table model_sister add column seal text;
alter table surrogate_booster add column seal text;
alter table model_refit add column seal text;
comment on column model_version.seal is
    'Of name, catalogue, features, checksum and golden rows: with another''s bytes, even whole, nothing is predicted.';
comment on column model_sister.seal is 'As of model_version, with the sister''s number and whom she speaks for.';
comment on column surrogate_booster.seal is 'As of model_version, with provider and sister.';
comment on column model_refit.seal is 'As of model_version, with the refit''s number and its half.';

-- What is there is taken for right, and is no news.
alter table model_version disable trigger user;
alter table model_sister disable trigger user;
alter table surrogate_booster disable trigger user;
alter table model_refit disable trigger user;
update model_version set seal = seal(model_version, catalogue, catalogue_version::text,
                                     array_to_string(feature_names, ','), sha256, golden::text);
update model_sister set seal = seal(model_version, sister::text, sha256, golden::text,
                                    provider, base::text, fold::text);
update surrogate_booster set seal = seal(model_version, provider, sister::text, sha256);
update model_refit set seal = seal(model_version, refit::text, half::text, sha256);
alter table model_version enable trigger user;
alter table model_sister enable trigger user;
alter table surrogate_booster enable trigger user;
alter table model_refit enable trigger user;
