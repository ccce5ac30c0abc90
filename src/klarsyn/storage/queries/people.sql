-- Facts of the gate.

-- put_in_effect: Says since which day a vendor may have an element, whatever was said before.
insert into element_in_effect (vendor, element, since, announced, entered_by, entered_at)
values (:vendor, :element, :since, :announced, :entered_by, :entered_at)
on conflict (vendor, element) do update
set since = excluded.since, announced = excluded.announced, entered_by = excluded.entered_by,
    entered_at = excluded.entered_at;

-- end_effect: Takes back that a vendor may have an element, and returns it where it had it.
delete from element_in_effect where vendor = :vendor and element = :element returning vendor;

-- elements_in_effect: Returns since which day each vendor may have each element.
select vendor, element, since, announced from element_in_effect order by vendor, element;

-- put_hold: Holds what a customer objects to; the first reason stays.
insert into customer_hold (customer, vendor, element, reason, entered_by, entered_at)
values (:customer, :vendor, :element, :reason, :entered_by, :entered_at)
on conflict (customer, vendor, element) do nothing;

-- end_hold: Lets go of what a customer objected to, and returns it where it was held.
delete from customer_hold
where customer = :customer and vendor = :vendor and element = :element
returning customer;

-- customer_holds: Returns what is held for whom.
select customer, vendor, element, reason from customer_hold order by customer, vendor, element;

-- put_restriction: Restricts a person; the first instant stays.
insert into restriction (person, key_id, entered_by, entered_at)
values (:person, :key_id, :entered_by, :entered_at)
on conflict (person) do nothing;

-- end_restriction: Ends a person's restriction, and returns the person where there was one.
delete from restriction where person = :person returning person;

-- restrictions: Returns who is restricted, and under which key each hash is.
select person, key_id from restriction;

-- put_opt_out: Notes an opt-out, again where it was lifted; the first instant stays, else.
insert into opt_out (identity, family, origin, key_id, since, lifted_at, lifted_by)
values (:identity, :family, :origin, :key_id, :since, null, '')
on conflict (identity, family, origin) do update
set since = excluded.since, lifted_at = null, lifted_by = ''
where opt_out.lifted_at is not null and opt_out.lifted_at < excluded.since;

-- lift_opt_out: Ends every opt-out of one identity for a family: it was opted in afresh.
update opt_out set lifted_at = :lifted_at, lifted_by = :lifted_by
where identity = :identity and family = :family and lifted_at is null and since <= :lifted_at
returning origin;

-- opt_outs: Returns who has opted out of what, and under which key each hash is.
select identity, family, key_id from opt_out where lifted_at is null;

-- opt_outs_told: Returns the opt-outs that one origin told of, and when each was lifted.
select identity, lifted_at from opt_out where origin = :origin and family = :family;

-- forget_lifted_opt_out: Forgets a lifted opt-out, so that the origin's next word is a new one.
delete from opt_out
where identity = :identity and family = :family and origin = :origin and lifted_at is not null;

-- put_tombstone: Notes that an identity was erased; the last instant counts.
insert into tombstone (identity, kind, key_id, since)
values (:identity, :kind, :key_id, :since)
on conflict (identity) do update set since = excluded.since
where tombstone.since < excluded.since;

-- lift_tombstone: Notes that an erased identity came back by itself and may be sent again.
insert into tombstone_lift (identity, lifted_at, approval, lifted_by)
select identity, :lifted_at, :approval, :lifted_by
from tombstone
where identity = :identity
on conflict (identity, lifted_at) do nothing
returning identity;

-- tombstones: Returns who was erased and has not come back since, and under which key each hash is.
select identity, key_id
from tombstone
where not exists (
    select 1
    from tombstone_lift
    where tombstone_lift.identity = tombstone.identity
    and tombstone_lift.lifted_at >= tombstone.since
);
