-- What is known of deliveries beside the ledger. Instants are seconds since 1970, UTC.

-- Vendors to which nothing is sent for now.
create table paused_delivery (
    vendor text not null primary key,
    since double precision not null,
    paused_by text not null, -- a pseudonym, or what stopped it
    why text not null -- a message in JSON, without values
);

-- Rows that a vendor refused to the end: encrypted, and erased when they expire.
create table dead_letter (
    vendor text not null,
    person bytea not null,
    key_id text not null,
    sealed bytea not null,
    expires_at double precision not null,
    primary key (vendor, person)
);

create index dead_letter_by_expiry on dead_letter (expires_at);

-- What a sample showed that was read back: elements that a vendor took and does not have.
create table dropped_element (
    vendor text not null,
    element text not null,
    looked_at double precision not null,
    looked bigint not null,
    dropped bigint not null,
    primary key (vendor, element)
);
