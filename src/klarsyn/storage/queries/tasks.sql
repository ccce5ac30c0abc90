-- Accounts of those who work here, what waits for their approval, and what they do by hand. What
-- they are called, may do and sign in by is sealed, and so are decisions and files.

-- add_account: Adds an account; no row where its name or its pseudonym is taken.
insert into account (pseudonym, looked_up_by, key_id, sealed, added_at, expires_at)
values (:pseudonym, :looked_up_by, :key_id, :sealed, :added_at, :expires_at)
on conflict do nothing
returning pseudonym;

-- account_by_name: Reads the account whose name has this hash.
select pseudonym, key_id, sealed, added_at, expires_at
from account
where looked_up_by = :looked_up_by;

-- account: Reads an account by what the journal calls it.
select pseudonym, key_id, sealed, added_at, expires_at
from account
where pseudonym = :pseudonym;

-- accounts: Reads all accounts, the oldest first.
select pseudonym, key_id, sealed, added_at, expires_at
from account
order by added_at, pseudonym;

-- reseal_account: Writes an account anew, where it still stands as it was read.
update account
set looked_up_by = :looked_up_by, key_id = :key_id, sealed = :sealed, expires_at = :expires_at
where pseudonym = :pseudonym and sealed = :old
returning pseudonym;

-- remove_account: Erases an account.
delete from account where pseudonym = :pseudonym returning pseudonym;

-- remove_expired_accounts: Erases the accounts that nobody has used until their time was over.
delete from account where expires_at <= :now returning pseudonym;

-- count_less: Gives a token back to a bucket, after an attempt that was none at guessing.
update bucket
set tokens = case when tokens + 1 > burst then burst else tokens + 1 end
where name = :name;

-- ask_approval: Enters a request; no row where one was entered under that name before.
insert into approval_request (
    id, asked_as, kind, what, digest, asked_by, asked_at, expires_at, state, kept_until
)
values (
    :id, :asked_as, :kind, :what, :digest, :asked_by, :asked_at, :expires_at, 'open', :kept_until
)
on conflict do nothing
returning id;

-- approval_asked_as: Reads the request that was entered under a name.
select
    id, asked_as, kind, what, digest, asked_by, asked_at, expires_at, state, key_id, sealed
from approval_request
where asked_as = :asked_as;

-- approval_request: Reads a request by its id.
select
    id, asked_as, kind, what, digest, asked_by, asked_at, expires_at, state, key_id, sealed
from approval_request
where id = :id;

-- open_approval_requests: Reads what waits for a decision, the oldest first.
select
    id, asked_as, kind, what, digest, asked_by, asked_at, expires_at, state, key_id, sealed
from approval_request
where state = 'open' and expires_at > :now
order by asked_at, id;

-- sign_approval: Puts a name to a request that nobody has put theirs to; no row where somebody has,
-- or where it is closed.
update approval_request
set asked_by = :asked_by
where id = :id and asked_by = '' and state = 'open' and expires_at > :now
returning id;

-- decide_approval: Decides a request that is still open; no row where it is not.
update approval_request
set state = :state, key_id = :key_id, sealed = :sealed, kept_until = :kept_until
where id = :id and state = 'open' and expires_at > :now
returning id;

-- remove_old_approvals: Erases requests that have been decided or have lapsed long ago.
delete from approval_request where kept_until <= :now returning id;

-- open_task: Opens a task; no row where one was opened under that name before.
insert into task (
    id, opened_as, kind, vendor, subject, assigned, what, letter, due, again, state, opened_at,
    closed_by
)
values (
    :id, :opened_as, :kind, :vendor, :subject, :assigned, :what, :letter, :due, :again, 'open',
    :opened_at, ''
)
on conflict do nothing
returning id;

-- task_opened_as: Reads the task that was opened under a name.
select
    id, opened_as, kind, vendor, subject, assigned, what, letter, due, again, state, opened_at,
    closed_at, closed_by
from task
where opened_as = :opened_as;

-- task: Reads a task by its id.
select
    id, opened_as, kind, vendor, subject, assigned, what, letter, due, again, state, opened_at,
    closed_at, closed_by
from task
where id = :id;

-- tasks: Reads tasks, the next due first; an empty word stands for any.
select
    id, opened_as, kind, vendor, subject, assigned, what, letter, due, again, state, opened_at,
    closed_at, closed_by
from task
where (:state = '' or state = :state)
    and (:kind = '' or kind = :kind)
    and (:vendor = '' or vendor = :vendor)
    and (:assigned = '' or assigned = :assigned)
order by due, opened_at, id;

-- assign_task: Gives an open task to somebody.
update task set assigned = :assigned where id = :id and state = 'open' returning id;

-- close_task: Ends a task that is open; no row where it is not.
update task
set state = :state, closed_at = :closed_at, closed_by = :closed_by, expires_at = :expires_at
where id = :id and state = 'open'
returning id;

-- keep_upload: Keeps a file, sealed, as evidence of a task.
insert into upload (id, task, sha256, size, key_id, sealed, uploaded_at, expires_at)
values (:id, :task, :sha256, :size, :key_id, :sealed, :uploaded_at, :expires_at);

-- uploads: Reads what was uploaded to a task, without the files themselves.
select id, task, sha256, size, uploaded_at, expires_at
from upload
where task = :task
order by uploaded_at, id;

-- upload: Reads a file that was uploaded to a task, sealed.
select id, task, sha256, size, key_id, sealed, uploaded_at, expires_at
from upload
where id = :id;

-- remove_upload: Erases a file.
delete from upload where id = :id returning task, sha256;

-- remove_expired_uploads: Erases files whose time is over.
delete from upload where expires_at <= :now returning id;

-- remove_expired_tasks: Erases ended tasks whose time is over and which no file is kept of.
delete from task
where expires_at <= :now
    and not exists (select 1 from upload where upload.task = task.id)
returning id;
