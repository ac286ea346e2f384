-- last_message: the message whose reply is the one to be said again; null: none is. The session itself holds it no longer.
--
-- Rows of a kilobyte and more leave the key's tree, in which each comparison reads a whole row.
create table conversations_by_row (
    id text not null primary key,
    token_hash text,
    channel text not null,
    session text,
    version integer not null,
    created_at text not null,
    updated_at text not null,
    ended_at text,
    seen_at text,
    last_message text
) strict;

insert into conversations_by_row (id, token_hash, channel, session, version, created_at, updated_at, ended_at, seen_at)
    select id, token_hash, channel, session, version, created_at, updated_at, ended_at, seen_at from conversations;

drop table conversations;

alter table conversations_by_row rename to conversations;

create index conversations_by_sight on conversations (seen_at) where seen_at is not null;

create table replies_by_row (
    conversation text not null,
    message_id text not null,
    input_hash text not null,
    reply text not null,
    at text not null,
    primary key (conversation, message_id)
) strict;

insert into replies_by_row (conversation, message_id, input_hash, reply, at)
    select conversation, message_id, input_hash, reply, at from replies;

drop table replies;

alter table replies_by_row rename to replies;
