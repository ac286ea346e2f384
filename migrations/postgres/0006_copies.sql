-- What the core system said of a person, sealed: read again for a day when it cannot be reached.
-- person has no foreign key: the people of the core system are not on file here.
create table copies (
    person text collate "C" not null,
    register text collate "C" not null,
    copied_at timestamptz not null,
    content text collate "C" not null,
    primary key (person, register)
);

create index copies_by_age on copies (copied_at);
