-- The audit trail becomes a chain: hash is a keyed MAC over the row and prev, the hash before it (src/store/audit.rs).
-- What was kept before there was a chain stays beside it.
alter table audit rename to audit_before_chain;

-- at is the time in China to the microsecond with its offset, as text: it is part of what is hashed.
-- conversation is a keyed index of the conversation's id; person, object and purpose are empty where there is none.
create table audit (
    seq integer not null primary key,
    at text not null,
    actor text not null,
    conversation text not null,
    action text not null,
    person text not null,
    object text not null,
    purpose text not null,
    outcome text not null,
    prev text not null,
    hash text not null
) strict;

create index audit_by_person on audit (person, seq) where person <> '';

-- One row: the last of the chain, and the last row that is no longer kept, whose place has a MAC of its own.
create table audit_head (
    one integer not null primary key check (one = 1),
    seq integer not null,
    hash text not null,
    base_seq integer not null,
    base_hash text not null,
    base_mac text not null
) strict;

insert into audit_head (one, seq, hash, base_seq, base_hash, base_mac) values (1, 0, '', 0, '', '');
