-- People who work here, what waits for their approval, and what they do by hand.

create table account (
    pseudonym text not null primary key,
    looked_up_by bytea not null unique,
    key_id text not null,
    sealed bytea not null,
    added_at double precision not null,
    expires_at double precision not null
);

create index account_by_expiry on account (expires_at);

create table approval_request (
    id text not null primary key,
    asked_as text not null unique,
    kind text not null,
    what text not null,
    digest text not null,
    asked_by text not null,
    asked_at double precision not null,
    expires_at double precision not null,
    state text not null,
    key_id text,
    sealed bytea,
    kept_until double precision not null
);

create index approval_request_by_end on approval_request (kept_until);

create table task (
    id text not null primary key,
    opened_as text not null unique,
    kind text not null,
    vendor text not null,
    subject text not null,
    assigned text not null,
    what text not null,
    letter text not null,
    due text not null,
    again bigint not null,
    state text not null,
    opened_at double precision not null,
    closed_at double precision,
    closed_by text not null,
    expires_at double precision
);

create index task_by_expiry on task (expires_at);

create table upload (
    id text not null primary key,
    task text not null references task (id),
    sha256 text not null,
    size bigint not null,
    key_id text not null,
    sealed bytea not null,
    uploaded_at double precision not null,
    expires_at double precision not null
);

create index upload_by_task on upload (task);
create index upload_by_expiry on upload (expires_at);
