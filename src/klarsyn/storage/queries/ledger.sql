-- What vendors were sent, what they should hold, and the changes between the two.

-- add_element_number: Gives a data element at its place the next number, unless it has one.
insert into element_number (number, vendor, element, place)
select coalesce((select max(number) from element_number), 0) + 1, :vendor, :element, :place
where not exists (
    select 1 from element_number
    where vendor = :vendor and element = :element and place = :place
);

-- element_numbers: Returns every number that a vendor's elements ever had.
select number, element, place from element_number where vendor = :vendor order by number;

-- begin_staging: Makes the table of one reading of the source, which is this connection's alone and
-- gone with it. Hashes: of each element, in the order of the reading. States: a byte for each vendor,
-- what it should hold, or why not.
create temporary table staged (person bytea not null, hashes bytea not null, states bytea not null);

-- stage: Notes a person of the source; once they are in order, the first row of a person counts.
insert into staged (person, hashes, states) values (:person, :hashes, :states)
on conflict do nothing;

-- order_staged: Puts the people of a reading in order, once for all of them: hashes come in none.
create unique index staged_in_order on staged (person);

-- staged: Returns the people of a reading of the source, after a person, in order.
select person, hashes, states from staged where person > :after order by person limit :most;

-- staged_people: Returns some people of a reading of the source.
select person, hashes, states from staged where person in (:people...);

-- restate: Changes what vendors should hold of a person of a reading of the source.
update staged set states = :states where person = :person;

-- end_staging: Drops a reading of the source.
drop table staged;

-- digests_between: Returns whom a vendor holds, after one and up to another, in order.
select person, digest from delivery
where vendor = :vendor and person > :after and person <= :until and digest <> :removed
order by person
limit :most;

-- opted_out_at: Returns of whom a vendor holds something and who opted out, after a person, in
-- order, with the latest instant of that.
select delivery.person, delivery.known_as, delivery.last_at, max(opt_out.since) as since
from opt_out
join person_identity on person_identity.hash = opt_out.identity
join delivery on delivery.person = person_identity.person
where opt_out.family = :family and opt_out.lifted_at is null
    and delivery.vendor = :vendor and length(delivery.held) > 0 and delivery.person > :after
group by delivery.person, delivery.known_as, delivery.last_at
order by delivery.person
limit :most;

-- held_or_sent: Returns what a vendor holds of people, and what it may have been sent of them beside that.
select person, held, :nothing as wanted from delivery
where vendor = :vendor and person in (:people...)
union all
select person, :nothing as held, wanted from change
where vendor = :vendor and person in (:people...)
    and (in_doubt = 1 or state in ('sending', 'unknown'));

-- held_by_identity: Returns whom a vendor holds who can be asked for by some hashes. SQLite keeps the
-- order of a cross join; else it would go through all whom the vendor holds.
select person_identity.hash, delivery.person, delivery.key_id, delivery.held
from person_identity
cross join delivery
where person_identity.hash in (:hashes...) and delivery.person = person_identity.person
    and delivery.vendor = :vendor and length(delivery.held) > 0;

-- count_deliveries: Counts the people of whom a vendor holds something.
select count(*) from delivery where vendor = :vendor and digest <> :removed;

-- any_delivery: Returns a row where a vendor holds something of anybody.
select 1 from delivery where vendor = :vendor and digest <> :removed limit 1;

-- delivery: Returns what a vendor holds of a person.
select vendor, person, key_id, known_as, held, first_at, last_at
from delivery where vendor = :vendor and person = :person;

-- held_now: Returns what a vendor holds, or once held, of people.
select person, held from delivery where vendor = :vendor and person in (:people...);

-- deliveries_of: Returns what every vendor holds, or once held, of a person.
select vendor, person, key_id, known_as, held, first_at, last_at
from delivery where person = :person order by vendor;

-- deliveries_to: Returns whom a vendor holds, or once held, after a person, in order.
select vendor, person, key_id, known_as, held, first_at, last_at
from delivery where vendor = :vendor and person > :after
order by person
limit :most;

-- put_delivery: Notes what a vendor holds of a person now.
insert into delivery (vendor, person, key_id, known_as, held, digest, first_at, last_at)
values (:vendor, :person, :key_id, :known_as, :held, :digest, :at, :at)
on conflict (person, vendor) do update set
    key_id = excluded.key_id,
    known_as = case when excluded.known_as = '' then delivery.known_as else excluded.known_as end,
    held = excluded.held, digest = excluded.digest, last_at = excluded.last_at;

-- forget_delivery: Erases that a vendor ever held anything of a person.
delete from delivery where vendor = :vendor and person = :person;

-- put_identity: Lets a person be found by another thing that is known of them.
insert into person_identity (hash, person) values (:hash, :person)
on conflict (hash, person) do nothing;

-- put_known_by: Notes by what a person can be asked for, all of it together.
insert into person_known_by (person, hashes, key_id) values (:person, :hashes, :key_id)
on conflict (person, hashes) do nothing;

-- people_of_identity: Returns the persons of whom this is known.
select person from person_identity where hash = :hash order by person;

-- known_by: Returns by what a person can be asked for, as it was noted.
select hashes from person_known_by where person = :person order by hashes;

-- forget_identity: Lets a person be found no more by a thing.
delete from person_identity where hash = :hash and person = :person;

-- forget_known_by: Erases by what a person could be asked for.
delete from person_known_by where person = :person;

-- put_change: Notes a change that is to be carried out; one that is under way stays as it is.
insert into change
    (vendor, person, key_id, run, kind, wanted, state, attempts, next_at, sent_at, in_doubt, why)
values (:vendor, :person, :key_id, :run, :kind, :wanted, 'waiting', 0, :at, null, 0, '')
on conflict (vendor, person) do update set
    run = excluded.run, kind = excluded.kind, wanted = excluded.wanted, state = 'waiting',
    key_id = excluded.key_id,
    attempts = case when change.wanted = excluded.wanted then change.attempts else 0 end,
    next_at = case when change.wanted = excluded.wanted then change.next_at else :at end,
    why = case when change.wanted = excluded.wanted then change.why else '' end
where (change.state = 'waiting' and (change.in_doubt = 0 or change.wanted = excluded.wanted))
    or (change.state = 'dead' and change.wanted <> excluded.wanted);

-- drop_change: Takes a change back that nobody has begun with.
delete from change where vendor = :vendor and person = :person and state in ('waiting', 'dead');

-- changes_after: Returns changes of a vendor in one state that may be tried, after a person, in
-- order, with what the vendor holds.
select change.person, change.key_id, run, kind, wanted, state, attempts, next_at, why,
    sent_at, in_doubt, coalesce(delivery.held, :nothing) as held, coalesce(delivery.known_as, '') as known_as
from change
left join delivery on delivery.person = change.person and delivery.vendor = change.vendor
where change.vendor = :vendor and state = :state and next_at <= :now and change.person > :after
order by change.person
limit :most;

-- people_to_send: Returns of whom a vendor is to be sent something by now, after a person, in order.
select person from change
where vendor = :vendor and state = 'waiting' and kind <> 'remove' and next_at <= :now
    and person > :after
order by person
limit :most;

-- waiting_changes: Returns people's changes that wait, with what the vendor holds.
select change.person, change.key_id, run, kind, wanted, state, attempts, next_at, why,
    sent_at, in_doubt, coalesce(delivery.held, :nothing) as held,
    coalesce(delivery.known_as, '') as known_as
from change
left join delivery on delivery.person = change.person and delivery.vendor = change.vendor
where change.vendor = :vendor and change.person in (:people...) and state = 'waiting';

-- claim_changes: Marks changes as under way, before anything is sent.
update change set state = 'sending', attempts = attempts + 1, sent_at = :now
where vendor = :vendor and person in (:people...) and state = 'waiting';

-- postpone_change: Lets a change wait, with the reason.
update change set state = :state, next_at = :next_at, why = :why,
    in_doubt = case when :in_doubt = 1 then 1 else in_doubt end
where vendor = :vendor and person = :person;

-- release_changes: Lets changes wait that were not tried after all.
update change set state = 'waiting', attempts = attempts - 1, next_at = :next_at, why = :why
where vendor = :vendor and person in (:people...) and state = 'sending';

-- finish_changes: Takes changes away that were carried out.
delete from change where vendor = :vendor and person in (:people...);

-- settle_sending: Decides about changes that were under way when a worker died; a removal can
-- always be tried again, since who is to be removed is looked up first.
update change set state = case when kind = 'remove' then 'waiting' else :state end, why = :why,
    in_doubt = case when kind = 'remove' then 0 else 1 end
where vendor = :vendor and state = 'sending'
returning person;

-- changes_in_doubt: Returns whose changes a vendor may have, though they wait to be sent again.
select person from change
where vendor = :vendor and state = 'waiting' and in_doubt = 1
order by person;

-- change_counts: Counts the open changes by vendor, kind and state.
select vendor, kind, state, count(*) from change
group by vendor, kind, state order by vendor, kind, state;

-- next_change: Returns when the next change of a vendor may be tried again.
select min(next_at) from change where vendor = :vendor and state = 'waiting';

-- change_reasons: Counts a vendor's open changes by state and reason, the most frequent first.
select state, why, count(*) as people from change
where vendor = :vendor and why <> ''
group by state, why order by people desc, state, why
limit :most;

-- delivery_keys: Returns the keys under which anybody of the ledger lies.
select key_id from delivery
union select key_id from change
union select key_id from person_known_by;

-- deliveries_under: Returns what vendors hold of a person under a key, with what is to be changed.
select vendor, person, key_id, known_as, held, first_at, last_at
from delivery where person = :person and key_id = :key_id order by vendor;

-- rekey_delivery: Lets a person's row stand under another key.
update delivery set person = :person, key_id = :key_id, held = :held, digest = :digest
where vendor = :vendor and person = :old_person;

-- changes_under: Returns whose changes wait that were noted under a key.
select person from change where key_id = :key_id;

-- rekey_changes: Lets a person's changes stand under another key; what waits is planned anew.
update change set person = :person, key_id = :key_id
where person = :old_person and not exists (
    select 1 from change as other where other.vendor = change.vendor and other.person = :person
);

-- rekey_letters: Lets a person's refused rows go: they are encrypted for the person's old hash.
delete from dead_letter where person = :old_person;
