-- Terminals of halls whose word on a card is taken. public_key is the Ed25519 key as a JWK writes it (x).
create table terminals (
    id text collate "C" not null primary key,
    name text collate "C" not null,
    public_key text collate "C" not null,
    added_at timestamptz not null,
    revoked_at timestamptz
);

-- A conversation's sign-in with the identity provider: state is a SHA-256 of what the browser brings back, '' once it did; who (name and
-- identity number) is sealed and waits two minutes for the conversation to claim it.
create table sign_ins (
    conversation text collate "C" not null primary key,
    state text collate "C" not null,
    expires_at timestamptz not null,
    who text collate "C"
);

create index sign_ins_by_state on sign_ins (state);
