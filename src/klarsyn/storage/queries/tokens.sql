-- Secrets, encrypted before they come here.

-- put_secret: Stores a secret, in place of whatever stood under the name.
insert into secret (name, version, key_id, sealed, expires_at)
values (:name, :version, :key_id, :sealed, :expires_at)
on conflict (name) do update set
    version = excluded.version,
    key_id = excluded.key_id,
    sealed = excluded.sealed,
    expires_at = excluded.expires_at
returning version;

-- secret: Reads one.
select name, version, key_id, sealed, expires_at
from secret
where name = :name;

-- replace_secret: Stores a newer secret where the old one still stands; no row means that
-- somebody else was faster.
update secret
set version = :version, key_id = :key_id, sealed = :sealed, expires_at = :expires_at
where name = :name and version = :old_version
returning version;

-- reseal_secret: Stores the same secret under another key, unless it was replaced meanwhile.
update secret
set key_id = :key_id, sealed = :sealed
where name = :name and version = :version and key_id = :old_key_id
returning name;

-- secrets_under_other_keys: Reads all that another key encrypted.
select name, version, key_id, sealed, expires_at
from secret
where key_id <> :key_id
order by name;

-- remove_secret: Erases one.
delete from secret where name = :name returning name;

-- remove_expired_secrets: Erases those whose time is over.
delete from secret where expires_at <= :now returning name;
