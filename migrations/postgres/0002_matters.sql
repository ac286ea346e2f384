-- What residents leave for people to answer. content and answer are sealed; a message makes one matter.
-- person has no foreign key: a register that is loaded anew must not take matters along.
create table matters (
    number text collate "C" not null primary key,
    conversation text collate "C" not null,
    message_id text collate "C" not null,
    kind text collate "C" not null,
    person text collate "C",
    content text collate "C" not null,
    received_at timestamptz not null,
    due_on date,
    due_announced boolean not null,
    started_at timestamptz,
    answered_at timestamptz,
    answer text collate "C",
    unique (conversation, message_id)
);

-- Places in the desk's own queue, by day and hall.
create table tickets (
    day date not null,
    office text collate "C" not null,
    number bigint not null,
    conversation text collate "C" not null,
    message_id text collate "C" not null,
    at timestamptz not null,
    called_at timestamptz,
    primary key (day, office, number),
    unique (conversation, message_id)
);

create index matters_by_person on matters (person);
