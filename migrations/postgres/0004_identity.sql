-- What is counted against a limit: so many until then. name is a keyed MAC, so that no row says whom it counts.
create table counters (
    name text collate "C" not null primary key,
    count bigint not null,
    until timestamptz not null
);

-- What a person agreed to: for which purpose, which notice (a hash of its words), when and where.
-- person has no foreign key: a register that is loaded anew must not take consents along.
create table consents (
    person text collate "C" not null,
    purpose text collate "C" not null,
    notice text collate "C" not null,
    at timestamptz not null,
    channel text collate "C" not null,
    primary key (person, purpose, notice)
);

-- Whom a code is for, a dummy's too: a keyed MAC of name and number.
alter table challenges add column subject text collate "C" not null default '';

-- When a page that holds an event stream was last there.
alter table conversations add column seen_at timestamptz;

create index counters_by_until on counters (until);
create index challenges_by_expiry on challenges (expires_at);
create index conversations_by_sight on conversations (seen_at) where seen_at is not null;
