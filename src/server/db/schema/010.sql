-- 010.sql — calendars that people subscribe to: the keys of their addresses, and since when things are as they are.

-- Only the SHA-256 of a key is known here. Whoever has the key reads that member's calendar; `used_at` 0: nobody did yet.
CREATE TABLE calendar_key (
	hash BLOB NOT NULL PRIMARY KEY,
	member_id TEXT NOT NULL REFERENCES member (id),
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	used_at INTEGER NOT NULL DEFAULT 0,
	UNIQUE (member_id, id)
) STRICT, WITHOUT ROWID;

-- Stamped by whatever tells the feed of a change (feed.c); 0: never since it was made. `edition` counts what organisers changed, where
-- version counts sign-ups too.
ALTER TABLE booking ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activity ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activity ADD COLUMN edition INTEGER NOT NULL DEFAULT 0;
