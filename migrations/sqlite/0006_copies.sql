-- What the core system said of a person, sealed: read again for a day when it cannot be reached.
-- person has no foreign key: the people of the core system are not on file here.
create table copies (
    person text not null,
    register text not null,
    copied_at text not null,
    content text not null,
    primary key (person, register)
) strict, without rowid;

create index copies_by_age on copies (copied_at);
