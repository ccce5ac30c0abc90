-- What vendors were sent: hashes under a key that is not in this database, never values. That is
-- pseudonymous data (GDPR Art. 4(5)). Instants are seconds since 1970, UTC. Hashes come in no order,
-- so a batch touches pages all over, of each tree; `without rowid` there is one tree less of each.

-- A data element at its place at a vendor, by a number that stands for it in packed hashes. Kept
-- after the register has dropped it: what was sent there must still be found and cleared.
create table element_number (
    number bigint not null primary key,
    vendor text not null,
    element text not null,
    place text not null,
    unique (vendor, element, place)
);

-- What a vendor holds of a person, as far as its replies say.
create table delivery (
    vendor text not null,
    person bytea not null,
    key_id text not null,
    known_as text not null, -- the vendor's own key, empty where it told none
    held bytea not null, -- packed: number, hash, instant of each element; empty once removed
    digest bytea not null, -- of numbers and hashes
    first_at double precision not null,
    last_at double precision not null,
    primary key (person, vendor)
) without rowid;

-- With the digest a plan need not read the rows themselves, which lie in no order.
create index delivery_by_vendor on delivery (vendor, person, digest);

-- By what else a person can be asked for: hashes of e-mail address, phone, organisation number.
create table person_identity (
    hash bytea not null,
    person bytea not null,
    key_id text not null,
    primary key (hash, person)
) without rowid;

create index person_identity_by_person on person_identity (person);

-- The company's people as one reading of the source found them; gone when it was compared.
create table staged (
    snapshot text not null,
    person bytea not null,
    hashes bytea not null, -- of each element of the snapshot, in its order
    states bytea not null, -- a byte for each vendor of the snapshot: what it should hold, or why not
    primary key (snapshot, person)
) without rowid;

-- The row of work: one person's change at one vendor that is to be carried out. There is no index
-- on its state, which changes twice for each row: what is open at a vendor is read through instead.
create table change (
    vendor text not null,
    person bytea not null,
    key_id text not null,
    run text not null,
    kind text not null, -- create, update, clear, remove
    wanted bytea not null,
    state text not null, -- waiting, sending, unknown, dead
    attempts bigint not null,
    next_at double precision not null,
    sent_at double precision,
    in_doubt bigint not null, -- 1 where the vendor may have it and nobody was told
    why text not null, -- a message in JSON, without values
    primary key (vendor, person)
) without rowid;
