-- What is to be started later: work (what) for somebody or something (subject). `due_at` is null
-- where it was started or called off; the row stays, so that no number is given twice.

create table due (
    what text not null,
    subject text not null,
    number bigint not null,
    due_at double precision,
    lane text not null,
    arguments text not null,
    primary key (what, subject)
);

create index due_by_time on due (due_at);
