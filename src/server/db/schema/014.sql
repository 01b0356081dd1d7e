-- 014.sql — who erased somebody is known for as long as other lines of the audit are; whom, by the keyed hash alone.

ALTER TABLE tombstone ADD COLUMN actor TEXT NOT NULL DEFAULT '';
