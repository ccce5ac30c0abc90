-- Token buckets and leases. A bucket holds `tokens` as of `refilled_at`; since then it has grown
-- by `rate` a second, up to `burst`. An instant in the future means that it grows only from then.

-- take_tokens: Takes tokens where enough are there and nothing blocks; no row means that none
-- were taken.
insert into bucket (name, tokens, refilled_at, blocked_until, rate, burst)
values (:name, :burst - :cost, :now, 0, :rate, :burst)
on conflict (name) do update set
    tokens = case
        when bucket.refilled_at >= :now and bucket.tokens < :burst
            then bucket.tokens
        when bucket.refilled_at < :now
            and bucket.tokens + (:now - bucket.refilled_at) * :rate < :burst
            then bucket.tokens + (:now - bucket.refilled_at) * :rate
        else :burst
    end - :cost,
    refilled_at = case when bucket.refilled_at > :now then bucket.refilled_at else :now end,
    rate = :rate,
    burst = :burst
where bucket.blocked_until <= :now
    and (
        bucket.tokens >= :cost
        or bucket.tokens + (:now - bucket.refilled_at) * :rate >= :cost
    )
returning tokens;

-- bucket: Reads what a bucket held when it was last looked at.
select tokens, refilled_at, blocked_until
from bucket
where name = :name;

-- block_bucket: Lets nothing be taken before an instant; an earlier one changes nothing.
insert into bucket (name, tokens, refilled_at, blocked_until, rate, burst)
values (:name, 0, :now, :until, 0, 0)
on conflict (name) do update set blocked_until = :until
where bucket.blocked_until < :until
returning blocked_until;

-- lower_tokens: Believes a vendor that leaves fewer calls than the bucket holds, and lets none
-- grow before the vendor's window is over.
update bucket
set tokens = :remaining, refilled_at = :grows_from
where name = :name
    and burst > :remaining
    and (
        tokens > :remaining
        or tokens + (:now - refilled_at) * rate > :remaining
    )
returning tokens;

-- take_slot: Leases the first slot that nobody holds; no row means that there was none, or that
-- somebody else was faster.
with recursive place (slot) as (
    select 1
    union all
    select slot + 1 from place where slot < :most
)
insert into lease (name, slot, id, expires_at)
select :name, place.slot, :id, :expires_at
from place
where not exists (
    select 1 from lease as held
    where held.name = :name and held.slot = place.slot and held.expires_at > :now
)
order by place.slot
limit 1
on conflict (name, slot) do update set id = excluded.id, expires_at = excluded.expires_at
where lease.expires_at <= :now
returning id;

-- held_slots: Counts the slots up to the most allowed that are leased.
select count(*) as held
from lease
where name = :name and slot <= :most and expires_at > :now;

-- release_slot: Gives a lease back.
delete from lease where id = :id;
