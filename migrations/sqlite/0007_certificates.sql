-- Certificates issued, found by the MAC of their check code. holder (the masked name) and content (what is printed) are
-- sealed; content_hash is content's SHA-256. person has no foreign key: a register that is loaded anew takes no certificate along.
create table certificates (
    code_mac text not null primary key,
    conversation text not null,
    message_id text not null,
    number integer not null,
    kind text not null,
    person text not null,
    issued_at text not null,
    expires_on text not null,
    revoked_at text,
    holder text not null,
    content text not null,
    content_hash text not null,
    unique (conversation, message_id),
    unique (conversation, number)
) strict;
