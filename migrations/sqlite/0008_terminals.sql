-- Terminals of halls whose word on a card is taken. public_key is the Ed25519 key as a JWK writes it (x).
create table terminals (
    id text not null primary key,
    name text not null,
    public_key text not null,
    added_at text not null,
    revoked_at text
) strict, without rowid;

-- A conversation's sign-in with the identity provider: state is a SHA-256 of what the browser brings back, '' once it did; who (name and
-- identity number) is sealed and waits two minutes for the conversation to claim it.
create table sign_ins (
    conversation text not null primary key,
    state text not null,
    expires_at text not null,
    who text
) strict, without rowid;

create index sign_ins_by_state on sign_ins (state);
