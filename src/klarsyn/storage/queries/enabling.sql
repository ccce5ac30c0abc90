-- Connections that may write.

-- enable_connection: Lets a connection write, as it stands now.
insert into enabled_connection (vendor, digest, enabled_at, enabled_by)
values (:vendor, :digest, :enabled_at, :enabled_by)
on conflict (vendor) do update
set digest = excluded.digest, enabled_at = excluded.enabled_at, enabled_by = excluded.enabled_by;

-- enabled_connection: Returns since when and by whose word a connection writes, while it is the same.
select enabled_at, enabled_by from enabled_connection
where vendor = :vendor and digest = :digest;

-- disable_connection: Makes a connection read-only again, and returns it where it was not.
delete from enabled_connection where vendor = :vendor returning vendor;
