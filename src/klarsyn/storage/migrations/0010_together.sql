-- What lies together is written together: less is changed for each row (decision 0050).

-- What an entry says of people lies by its key: one tree less.
create table journal_line (
    entry bigint not null references journal_entry (number),
    position bigint not null,
    subject text not null,
    facts text not null,
    primary key (entry, position)
) without rowid;
insert into journal_line (entry, position, subject, facts)
select entry, position, subject, facts from journal_row;
drop table journal_row;
alter table journal_line rename to journal_row;
create index journal_row_by_subject on journal_row (subject, entry);

-- By what a person can be asked for: all hashes of one reading in one row, 16 bytes each. The way
-- back from a person is one row instead of one for each hash.
create table person_known_by (
    person bytea not null,
    hashes bytea not null,
    key_id text not null,
    primary key (person, hashes)
) without rowid;
insert into person_known_by (person, hashes, key_id)
select person, hash, key_id from person_identity;
drop index person_identity_by_person;
alter table person_identity drop column key_id;
