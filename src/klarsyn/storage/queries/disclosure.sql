-- What is known of deliveries beside the ledger.

-- pause_delivery: Lets nothing be sent to a vendor for now.
insert into paused_delivery (vendor, since, paused_by, why)
values (:vendor, :now, :paused_by, :why)
on conflict (vendor) do nothing;

-- resume_delivery: Lets a vendor be sent to again, and returns it where it was paused.
delete from paused_delivery where vendor = :vendor returning vendor;

-- paused_deliveries: Returns the vendors to which nothing is sent for now.
select vendor, since, paused_by, why from paused_delivery order by vendor;

-- put_dead_letter: Keeps a row that a vendor refused to the end.
insert into dead_letter (vendor, person, key_id, sealed, expires_at)
values (:vendor, :person, :key_id, :sealed, :expires_at)
on conflict (vendor, person) do update set
    key_id = excluded.key_id, sealed = excluded.sealed, expires_at = excluded.expires_at;

-- dead_letters: Returns the rows that a vendor refused to the end.
select person, key_id, sealed, expires_at from dead_letter where vendor = :vendor order by person;

-- dead_letter_people: Returns of whom there are rows that a vendor refused to the end.
select person from dead_letter where vendor = :vendor;

-- drop_dead_letters: Erases refused rows: they were tried again, or their people are erased.
delete from dead_letter where vendor = :vendor and person in (:people...);

-- drop_dead_letters_of: Erases all refused rows of a person.
delete from dead_letter where person = :person;

-- drop_expired_dead_letters: Erases refused rows whose time is over, and tells whose they were.
delete from dead_letter where expires_at <= :now returning vendor;

-- put_dropped_element: Notes in how many of a sample a vendor has not kept an element.
insert into dropped_element (vendor, element, looked_at, looked, dropped)
values (:vendor, :element, :now, :looked, :dropped)
on conflict (vendor, element) do update set
    looked_at = excluded.looked_at, looked = excluded.looked, dropped = excluded.dropped;

-- dropped_elements: Returns what samples showed, element by element.
select vendor, element, looked_at, looked, dropped from dropped_element order by vendor, element;

-- revive_changes: Lets refused changes of a vendor be tried again, and tells of whom.
update change set state = 'waiting', attempts = 0, next_at = 0
where vendor = :vendor and state = 'dead'
returning person;

-- dead_letter_counts: Counts refused rows by vendor, with the instant when the first expires.
select vendor, count(*) as letters, min(expires_at) as expires_at from dead_letter
group by vendor order by vendor;
