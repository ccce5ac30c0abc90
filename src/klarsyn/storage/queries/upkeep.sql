-- Klarsyn's own retention, restore and examination. In what counts and deletes, `:now` is the
-- instant before which something must have begun, or ended, to be due: the present, less a period.

-- any_key: Returns under which keys something lies, and where.
select 'delivery' as place, key_id from delivery group by key_id
union all select 'person_known_by', key_id from person_known_by group by key_id
union all select 'change', key_id from change group by key_id
union all select 'restriction', key_id from restriction group by key_id
union all select 'opt_out', key_id from opt_out group by key_id
union all select 'tombstone', key_id from tombstone group by key_id
union all select 'dead_letter', key_id from dead_letter group by key_id
union all select 'secret', key_id from secret group by key_id
union all select 'account', key_id from account group by key_id
union all select 'upload', key_id from upload group by key_id
union all
select 'approval_request', key_id from approval_request where key_id is not null group by key_id;

-- count_orphans: Counts rows that belong to nothing any more, by table.
select 'person_identity' as place, count(*) as lines from person_identity
where not exists (select 1 from delivery where delivery.person = person_identity.person)
    and not exists (select 1 from change where change.person = person_identity.person)
union all
select 'person_known_by', count(*) from person_known_by
where not exists (select 1 from delivery where delivery.person = person_known_by.person)
    and not exists (select 1 from change where change.person = person_known_by.person)
union all
select 'tombstone_lift', count(*) from tombstone_lift
where not exists (select 1 from tombstone where tombstone.identity = tombstone_lift.identity);

-- count_strays: Counts rows that belong to nothing any more.
select
    (
        select count(*) from person_identity
        where not exists (select 1 from delivery where delivery.person = person_identity.person)
            and not exists (select 1 from change where change.person = person_identity.person)
    ) + (
        select count(*) from person_known_by
        where not exists (select 1 from delivery where delivery.person = person_known_by.person)
            and not exists (select 1 from change where change.person = person_known_by.person)
    ) + (
        select count(*) from tombstone_lift
        where not exists (
            select 1 from tombstone where tombstone.identity = tombstone_lift.identity
        )
    );

-- drop_stray_identities: Forgets by what people could be found of whom nothing is left.
delete from person_identity
where not exists (select 1 from delivery where delivery.person = person_identity.person)
    and not exists (select 1 from change where change.person = person_identity.person)
returning person;

-- drop_stray_known_by: Forgets the way back from them.
delete from person_known_by
where not exists (select 1 from delivery where delivery.person = person_known_by.person)
    and not exists (select 1 from change where change.person = person_known_by.person)
returning person;

-- count_dead_letters: Counts dead letters whose time is over.
select count(*) from dead_letter where expires_at <= :now;

-- count_uploads: Counts uploaded files whose time is over.
select count(*) from upload where expires_at <= :now;

-- count_tasks: Counts ended tasks whose time is over.
select count(*) from task
where expires_at <= :now
    and not exists (select 1 from upload where upload.task = task.id);

-- count_approvals: Counts requests that were decided or lapsed long ago.
select count(*) from approval_request where kept_until <= :now;

-- count_accounts: Counts accounts that nobody has used until their time was over.
select count(*) from account where expires_at <= :now;

-- count_secrets: Counts secrets whose time is over.
select count(*) from secret where expires_at <= :now;

-- count_leases: Counts leases that were never given back.
select count(*) from lease where expires_at <= :now;

-- drop_leases: Forgets leases that were never given back.
delete from lease where expires_at <= :now returning name;

-- count_buckets: Counts buckets that are full again and that nobody has taken from since.
select count(*) from bucket
where refilled_at <= :now and blocked_until <= :now
    and tokens + (:now - refilled_at) * rate >= burst;

-- drop_buckets: Forgets buckets that are full again; who takes from one finds it full.
delete from bucket
where refilled_at <= :now and blocked_until <= :now
    and tokens + (:now - refilled_at) * rate >= burst
returning name;

-- count_refused_changes: Counts changes that were refused to the end.
select count(*) from change where state = 'dead' and sent_at <= :now;

-- drop_refused_changes: Forgets changes that were refused to the end; the next plan tries again.
delete from change where state = 'dead' and sent_at <= :now returning vendor;

-- count_lifted_opt_outs: Counts opt-outs that were lifted.
select count(*) from opt_out where lifted_at <= :now;

-- drop_lifted_opt_outs: Forgets opt-outs that were lifted.
delete from opt_out where lifted_at <= :now returning family;

-- count_lifted_tombstones: Counts tombstones that were lifted.
select count(*) from tombstone
where exists (
    select 1 from tombstone_lift as lift
    where lift.identity = tombstone.identity
        and lift.lifted_at >= tombstone.since and lift.lifted_at <= :now
);

-- drop_lifted_tombstones: Forgets tombstones that were lifted.
delete from tombstone
where exists (
    select 1 from tombstone_lift as lift
    where lift.identity = tombstone.identity
        and lift.lifted_at >= tombstone.since and lift.lifted_at <= :now
)
returning kind;

-- drop_stray_lifts: Forgets the lifts of tombstones that are gone.
delete from tombstone_lift
where not exists (select 1 from tombstone where tombstone.identity = tombstone_lift.identity)
returning lifted_at;

-- count_past_recipients: Counts what vendors once had of people of whom nobody has had anything
-- since, and of whom nothing is about to be sent.
select count(*) from delivery
where length(held) = 0 and last_at <= :now
    and not exists (
        select 1 from delivery as other
        where other.person = delivery.person and (length(other.held) > 0 or other.last_at > :now)
    )
    and not exists (select 1 from change where change.person = delivery.person);

-- drop_past_recipients: Forgets some of them.
delete from delivery
where (person, vendor) in (
    select person, vendor from delivery as old
    where length(held) = 0 and last_at <= :now
        and not exists (
            select 1 from delivery as other
            where other.person = old.person and (length(other.held) > 0 or other.last_at > :now)
        )
        and not exists (select 1 from change where change.person = old.person)
    limit :most
)
returning person;

-- has_deliveries: Tells whether anything is known of deliveries of a person.
select 1 from delivery where person = :person limit 1;

-- renumber_due: Moves the numbers of all that waits, so that none is given twice after a restore.
update due set number = number + :more;

-- sent_vendors: Returns the vendors that were ever sent anything.
select distinct vendor from element_number order by vendor;
