-- Evidence: entries in a chain and under a tree, what they say of people, and signed checkpoints.

-- lock_journal: Returns the head and keeps others from appending until the transaction ends; makes
-- it for a journal that has no entry yet.
insert into journal_head (name, journal, size, head, peaks)
values ('journal', :journal, 0, :head, :peaks)
on conflict (name) do update set size = journal_head.size
returning journal, size, head, peaks;

-- move_journal: Sets the head to the entry that was added.
update journal_head set size = :size, head = :head, peaks = :peaks where name = 'journal';

-- journal_head: Returns the head; no row means that nothing was ever recorded.
select journal, size, head, peaks from journal_head where name = 'journal';

-- add_journal_entry: Adds an entry.
insert into journal_entry (number, key, kind, vendor, at, entry, hashes)
values (:number, :key, :kind, :vendor, :at, :entry, :hashes);

-- add_journal_row: Adds what an entry says of one person.
insert into journal_row (entry, position, subject, facts)
values (:entry, :position, :subject, :facts);

-- journal_entry_of_key: Returns the entry that was recorded under a key.
select number, key, kind, vendor, at, entry, hashes from journal_entry where key = :key;

-- journal_hashes: Returns the hashes that an entry holds: its own, and of subtrees it completes.
select hashes from journal_entry where number = :number;

-- journal_entries: Returns the next entries of a range, in order; a blank vendor, kind or instant
-- asks for all.
select number, key, kind, vendor, at, entry, hashes
from journal_entry
where number > :after and number <= :upto
    and (vendor = :vendor or :vendor = '')
    and (kind = :kind or :kind = '')
    and at >= :since
order by number
limit :most;

-- journal_entries_of_subject: Returns the next entries of a range that speak of a subject.
select number, key, kind, vendor, at, entry, hashes
from journal_entry
where number > :after and number <= :upto
    and (vendor = :vendor or :vendor = '')
    and (kind = :kind or :kind = '')
    and at >= :since
    and exists (
        select 1 from journal_row as spoken
        where spoken.entry = journal_entry.number and spoken.subject = :subject
    )
order by number
limit :most;

-- journal_rows: Returns what a range of entries says of people, in order.
select entry, position, subject, facts
from journal_row
where entry >= :first and entry <= :last
order by entry, position;

-- journal_strays: Counts entries and rows that stand beyond the head, or before the first entry.
select
    (select count(*) from journal_entry where number > head.size or number < 1) as entries,
    (select count(*) from journal_row where entry > head.size or entry < 1) as lines
from journal_head as head
where name = 'journal';

-- journal_orphans: Counts entries where there is no head.
select count(*) as entries from journal_entry
where not exists (select 1 from journal_head where name = 'journal');

-- add_checkpoint: Keeps a checkpoint, unless there is one for as many entries.
insert into journal_checkpoint (size, note) values (:size, :note)
on conflict (size) do nothing;

-- newest_checkpoint: Returns the checkpoint of the most entries.
select size, note from journal_checkpoint order by size desc limit 1;

-- journal_checkpoints: Returns every checkpoint, oldest first.
select size, note from journal_checkpoint order by size;

-- add_journal_subject: Gives a person a subject, unless they have one.
insert into journal_subject (person, subject) values (:person, :subject)
on conflict (person) do nothing;

-- journal_subjects: Returns the subjects of people.
select person, subject from journal_subject where person in (:people...);

-- move_journal_subject: Lets a subject stand under another hash of its person, unless that has one.
update journal_subject set person = :person
where person = :old_person
    and not exists (select 1 from journal_subject as other where other.person = :person);

-- forget_journal_subject: Deletes who a subject was, and returns it.
delete from journal_subject where person = :person returning subject;
