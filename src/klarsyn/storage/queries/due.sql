-- Work that waits for an instant. Every put gives a row a new number, so that who read the row
-- before and starts it late does not take away what was put since.

-- put_due: Puts work to be started at an instant, in place of what waited for the same.
insert into due (what, subject, number, due_at, lane, arguments)
values (:what, :subject, 1, :due_at, :lane, :arguments)
on conflict (what, subject) do update set
    number = due.number + 1,
    due_at = excluded.due_at,
    lane = excluded.lane,
    arguments = excluded.arguments
returning number;

-- cancel_due: Calls off what waits; no row means that nothing did.
update due
set due_at = null
where what = :what and subject = :subject and due_at is not null
returning number;

-- due_now: Reads what is to be started by now, the longest overdue first.
select what, subject, number, due_at, lane, arguments
from due
where due_at <= :now
order by due_at, what, subject
limit :most;

-- all_due: Reads everything that waits, the next first.
select what, subject, number, due_at, lane, arguments
from due
where due_at is not null
order by due_at, what, subject;

-- due_started: Notes that a row was started, unless it was put anew meanwhile.
update due
set due_at = null
where what = :what and subject = :subject and number = :number
returning number;

-- spent_due: Reads rows that wait no longer.
select what, subject, number
from due
where due_at is null
order by what, subject;

-- forget_due: Deletes a row that waits no longer, unless it was put anew meanwhile.
delete from due
where what = :what and subject = :subject and number = :number and due_at is null
returning number;
