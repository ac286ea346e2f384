-- Months are integers yyyymm, amounts integer fen, insurances and states the contract's ids.
-- Days and instants are ISO 8601 text.

-- Who is on file. Name, identity number and phone are sealed; id_index is the keyed blind index of the number.
create table people (
    key text not null primary key,
    id_index text not null unique,
    name text not null,
    id_number text not null,
    phone text
) strict, without rowid;

-- One person's rows lie together: every table of a register is keyed person first.
create table enrollments (
    person text not null references people (key) on delete cascade,
    n integer not null,
    insurance text not null,
    state text not null,
    since integer not null,
    until integer,
    employer text not null,
    place text not null,
    primary key (person, n)
) strict, without rowid;

create table contributions (
    person text not null references people (key) on delete cascade,
    insurance text not null,
    month integer not null,
    employer text not null,
    base integer not null,
    unit integer not null,
    personal integer not null,
    paid_on text,
    primary key (person, insurance, month, employer)
) strict, without rowid;

create table pension_account (
    person text not null references people (key) on delete cascade,
    year integer not null,
    paid_in integer not null,
    interest integer not null,
    balance integer not null,
    primary key (person, year)
) strict, without rowid;

create table medical_account (
    person text not null references people (key) on delete cascade,
    day text not null,
    n integer not null,
    what text not null,
    amount integer not null,
    balance integer not null,
    primary key (person, day, n)
) strict, without rowid;

create table medical_claims (
    person text not null references people (key) on delete cascade,
    day text not null,
    n integer not null,
    what text not null,
    hospital text not null,
    total integer not null,
    fund integer not null,
    personal integer not null,
    paid_on text,
    primary key (person, day, n)
) strict, without rowid;

create table payments (
    person text not null references people (key) on delete cascade,
    month integer not null,
    n integer not null,
    kind text not null,
    amount integer not null,
    paid_on text,
    state text not null,
    card_tail text not null,
    primary key (person, month, n)
) strict, without rowid;

create table certification (
    person text not null references people (key) on delete cascade,
    done_on text,
    due_on text not null,
    how text,
    primary key (person)
) strict, without rowid;

create table card (
    person text not null references people (key) on delete cascade,
    state text not null,
    tail text not null,
    bank text not null,
    issued_on text not null,
    bank_active integer not null,
    primary key (person)
) strict, without rowid;

create table cases (
    person text not null references people (key) on delete cascade,
    number text not null unique,
    matter text not null,
    state text not null,
    accepted_on text not null,
    due_on text,
    note text,
    steps text not null,
    primary key (person, number)
) strict, without rowid;

-- As of which day each register stands.
create table registers (
    name text not null primary key,
    as_of text not null
) strict, without rowid;

-- session is sealed; null before the first turn and after the end.
create table conversations (
    id text not null primary key,
    token_hash text,
    channel text not null,
    session text,
    version integer not null,
    created_at text not null,
    updated_at text not null,
    ended_at text
) strict, without rowid;

-- What a message was answered with, sealed: a channel may deliver a message twice.
create table replies (
    conversation text not null,
    message_id text not null,
    input_hash text not null,
    reply text not null,
    at text not null,
    primary key (conversation, message_id)
) strict, without rowid;

-- One-time codes under way; the code itself is kept as a keyed code_mac only.
create table challenges (
    id text not null primary key,
    conversation text not null,
    person text,
    code_mac text not null,
    tries integer not null,
    expires_at text not null,
    closed integer not null
) strict, without rowid;

create table audit (
    seq integer primary key autoincrement,
    at text not null,
    actor text not null,
    action text not null,
    object text not null,
    outcome text not null
) strict;

create index challenges_by_conversation on challenges (conversation);
