-- applied_migrations: Reads which migrations this database has had, oldest first.
select version, sha256
from migration
order by version;

-- add_migration: Notes that one was applied.
insert into migration (version, name, sha256, applied_at)
values (:version, :name, :sha256, :applied_at);
