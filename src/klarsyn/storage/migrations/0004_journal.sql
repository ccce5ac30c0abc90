-- Evidence. What is hashed is stored as the very text that was hashed, so that every byte counts;
-- an entry's instant is text inside it for the same reason, and a column beside it to search by.

-- One row: which journal this is, how many entries it has, the hash of the last one, and the
-- peaks of the tree above them (RFC 6962), 32 bytes each, the largest subtree first.
create table journal_head (
    name text not null primary key,
    journal text not null,
    size bigint not null,
    head bytea not null,
    peaks bytea not null
);

-- `hashes`: 32 bytes each, of the entry as a leaf and of every subtree that it completes.
create table journal_entry (
    number bigint not null primary key,
    key text not null unique,
    kind text not null,
    vendor text not null,
    at text not null,
    entry text not null,
    hashes bytea not null
);

create index journal_entry_by_vendor on journal_entry (vendor, number);

-- What one entry says of each person; the root of their own tree stands in the entry.
create table journal_row (
    entry bigint not null references journal_entry (number),
    position bigint not null,
    subject text not null,
    facts text not null,
    primary key (entry, position)
);

create index journal_row_by_subject on journal_row (subject, entry);

-- Outside of the chain, so that a link can be deleted: who a subject is, as a keyed hash.
create table journal_subject (
    person bytea not null primary key,
    subject text not null -- 128 random bits: no two are the same, and nobody looks one up
) without rowid;

-- `note`: size, root, head and instant, signed.
create table journal_checkpoint (
    size bigint not null primary key,
    note text not null
);
