-- Instants are seconds since 1970, UTC.

create table bucket (
    name text not null primary key,
    tokens double precision not null,
    refilled_at double precision not null,
    blocked_until double precision not null,
    rate double precision not null,
    burst double precision not null
);

create table lease (
    name text not null,
    slot bigint not null,
    id text not null unique,
    expires_at double precision not null,
    primary key (name, slot)
);

create table secret (
    name text not null primary key,
    version text not null,
    key_id text not null,
    sealed bytea not null,
    expires_at double precision
);

create index secret_by_expiry on secret (expires_at);
