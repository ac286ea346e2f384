-- Months are integers yyyymm, amounts integer fen, insurances and states the contract's ids.
-- Text compares by byte (collate "C"), as in SQLite, so that both give rows in the same order.

-- Who is on file. Name, identity number and phone are sealed; id_index is the keyed blind index of the number.
create table people (
    key text collate "C" not null primary key,
    id_index text collate "C" not null unique,
    name text collate "C" not null,
    id_number text collate "C" not null,
    phone text collate "C"
);

-- One person's rows lie together: every table of a register is keyed person first.
create table enrollments (
    person text collate "C" not null references people (key) on delete cascade,
    n bigint not null,
    insurance text collate "C" not null,
    state text collate "C" not null,
    since bigint not null,
    until bigint,
    employer text collate "C" not null,
    place text collate "C" not null,
    primary key (person, n)
);

create table contributions (
    person text collate "C" not null references people (key) on delete cascade,
    insurance text collate "C" not null,
    month bigint not null,
    employer text collate "C" not null,
    base bigint not null,
    unit bigint not null,
    personal bigint not null,
    paid_on date,
    primary key (person, insurance, month, employer)
);

create table pension_account (
    person text collate "C" not null references people (key) on delete cascade,
    year bigint not null,
    paid_in bigint not null,
    interest bigint not null,
    balance bigint not null,
    primary key (person, year)
);

create table medical_account (
    person text collate "C" not null references people (key) on delete cascade,
    day date not null,
    n bigint not null,
    what text collate "C" not null,
    amount bigint not null,
    balance bigint not null,
    primary key (person, day, n)
);

create table medical_claims (
    person text collate "C" not null references people (key) on delete cascade,
    day date not null,
    n bigint not null,
    what text collate "C" not null,
    hospital text collate "C" not null,
    total bigint not null,
    fund bigint not null,
    personal bigint not null,
    paid_on date,
    primary key (person, day, n)
);

create table payments (
    person text collate "C" not null references people (key) on delete cascade,
    month bigint not null,
    n bigint not null,
    kind text collate "C" not null,
    amount bigint not null,
    paid_on date,
    state text collate "C" not null,
    card_tail text collate "C" not null,
    primary key (person, month, n)
);

create table certification (
    person text collate "C" not null references people (key) on delete cascade,
    done_on date,
    due_on date not null,
    how text collate "C",
    primary key (person)
);

create table card (
    person text collate "C" not null references people (key) on delete cascade,
    state text collate "C" not null,
    tail text collate "C" not null,
    bank text collate "C" not null,
    issued_on date not null,
    bank_active boolean not null,
    primary key (person)
);

create table cases (
    person text collate "C" not null references people (key) on delete cascade,
    number text collate "C" not null unique,
    matter text collate "C" not null,
    state text collate "C" not null,
    accepted_on date not null,
    due_on date,
    note text collate "C",
    steps jsonb not null,
    primary key (person, number)
);

-- As of which day each register stands.
create table registers (
    name text collate "C" not null primary key,
    as_of date not null
);

-- session is sealed; null before the first turn and after the end.
create table conversations (
    id text collate "C" not null primary key,
    token_hash text collate "C",
    channel text collate "C" not null,
    session text collate "C",
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    ended_at timestamptz
);

-- What a message was answered with, sealed: a channel may deliver a message twice.
create table replies (
    conversation text collate "C" not null,
    message_id text collate "C" not null,
    input_hash text collate "C" not null,
    reply text collate "C" not null,
    at timestamptz not null,
    primary key (conversation, message_id)
);

-- One-time codes under way; the code itself is kept as a keyed code_mac only.
create table challenges (
    id text collate "C" not null primary key,
    conversation text collate "C" not null,
    person text collate "C",
    code_mac text collate "C" not null,
    tries bigint not null,
    expires_at timestamptz not null,
    closed boolean not null
);

create table audit (
    seq bigint generated always as identity primary key,
    at timestamptz not null,
    actor text collate "C" not null,
    action text collate "C" not null,
    object text collate "C" not null,
    outcome text collate "C" not null
);

create index challenges_by_conversation on challenges (conversation);
