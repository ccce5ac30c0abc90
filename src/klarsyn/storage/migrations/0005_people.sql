-- The facts of the gate: what may be sent, and to whom not. People are hashes under a key, `key_id`.

create table element_in_effect (
    vendor text not null,
    element text not null,
    since text not null,
    announced text not null,
    entered_by text not null,
    entered_at double precision not null,
    primary key (vendor, element)
);

-- An objection to a change holds it for a customer; `element` is empty where all of the vendor is.
create table customer_hold (
    customer text not null,
    vendor text not null,
    element text not null,
    reason text not null,
    entered_by text not null,
    entered_at double precision not null,
    primary key (customer, vendor, element)
);

-- Art. 18.
create table restriction (
    person bytea not null primary key,
    key_id text not null,
    entered_by text not null,
    entered_at double precision not null
);

-- Art. 21(2): of a family of purposes, whichever vendor it was told to; `self` where it was us.
create table opt_out (
    identity bytea not null,
    family text not null,
    origin text not null,
    key_id text not null,
    since double precision not null,
    lifted_at double precision,
    lifted_by text not null,
    primary key (identity, family, origin)
);

-- Who was erased: each form of an address or number by itself.
create table tombstone (
    identity bytea not null primary key,
    kind text not null,
    key_id text not null,
    since double precision not null
);

-- Who came back by themselves; the approval is the one that the journal names.
create table tombstone_lift (
    identity bytea not null,
    lifted_at double precision not null,
    approval text not null,
    lifted_by text not null,
    primary key (identity, lifted_at)
);
