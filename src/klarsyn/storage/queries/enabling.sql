-- enable_connection: let a connection write, as it stands now
insert into enabled_connection (vendor, digest, enabled_at, enabled_by)
values (:vendor, :digest, :enabled_at, :enabled_by)
on conflict (vendor) do update
set digest = excluded.digest, enabled_at = excluded.enabled_at, enabled_by = excluded.enabled_by;

-- enabled_connection: since when and by whom a connection may write, if it is still the same
select enabled_at, enabled_by from enabled_connection
where vendor = :vendor and digest = :digest;

-- disable_connection: make a connection read-only again; returns it if it was not
delete from enabled_connection where vendor = :vendor returning vendor;
