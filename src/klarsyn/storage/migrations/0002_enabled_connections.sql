-- Which connections may write, and since when; anything else is read-only.

create table enabled_connection (
    vendor text not null primary key,
    digest text not null,
    enabled_at double precision not null,
    enabled_by text not null
);
