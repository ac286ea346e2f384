-- What residents leave for people to answer. content and answer are sealed; a message makes one matter.
-- person has no foreign key: a register that is loaded anew must not take matters along.
create table matters (
    number text not null primary key,
    conversation text not null,
    message_id text not null,
    kind text not null,
    person text,
    content text not null,
    received_at text not null,
    due_on text,
    due_announced integer not null,
    started_at text,
    answered_at text,
    answer text,
    unique (conversation, message_id)
) strict, without rowid;

-- Places in the desk's own queue, by day and hall.
create table tickets (
    day text not null,
    office text not null,
    number integer not null,
    conversation text not null,
    message_id text not null,
    at text not null,
    called_at text,
    primary key (day, office, number),
    unique (conversation, message_id)
) strict, without rowid;

create index matters_by_person on matters (person);
