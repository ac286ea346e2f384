-- The audit trail becomes a chain: hash is a keyed MAC over the row and prev, the hash before it (src/store/audit.rs).
-- What was kept before there was a chain stays beside it.
alter table audit rename to audit_before_chain;

-- at is the time in China to the microsecond with its offset, as text: it is part of what is hashed.
-- conversation is a keyed index of the conversation's id; person, object and purpose are empty where there is none.
create table audit (
    seq bigint not null primary key,
    at text collate "C" not null,
    actor text collate "C" not null,
    conversation text collate "C" not null,
    action text collate "C" not null,
    person text collate "C" not null,
    object text collate "C" not null,
    purpose text collate "C" not null,
    outcome text collate "C" not null,
    prev text collate "C" not null,
    hash text collate "C" not null
);

create index audit_by_person on audit (person, seq) where person <> '';

-- One row: the last of the chain, and the last row that is no longer kept, whose place has a MAC of its own.
create table audit_head (
    one bigint not null primary key check (one = 1),
    seq bigint not null,
    hash text collate "C" not null,
    base_seq bigint not null,
    base_hash text collate "C" not null,
    base_mac text collate "C" not null
);

insert into audit_head (one, seq, hash, base_seq, base_hash, base_mac) values (1, 0, '', 0, '', '');
