-- Certificates issued, found by the MAC of their check code. holder (the masked name) and content (what is printed) are
-- sealed; content_hash is content's SHA-256. person has no foreign key: a register that is loaded anew takes no certificate along.
create table certificates (
    code_mac text collate "C" not null primary key,
    conversation text collate "C" not null,
    message_id text collate "C" not null,
    number bigint not null,
    kind text collate "C" not null,
    person text collate "C" not null,
    issued_at timestamptz not null,
    expires_on date not null,
    revoked_at timestamptz,
    holder text collate "C" not null,
    content text collate "C" not null,
    content_hash text collate "C" not null,
    unique (conversation, message_id),
    unique (conversation, number)
);
