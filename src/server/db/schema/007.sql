-- 007.sql — people: what each agreed to show, who looked at what of whom, and who was here and is not.

-- Restriction of processing (GDPR art. 18): hidden from everybody, nothing is done with it but booking.
ALTER TABLE member ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1));
-- Nobody in particular: what is left of those who went, so that counts stay true. See db/anonymous.c.
ALTER TABLE member ADD COLUMN anonymous INTEGER NOT NULL DEFAULT 0 CHECK (anonymous IN (0, 1));

-- One event per field and change, never altered: the proof of consent and of its withdrawal (GDPR art. 7).
CREATE TABLE consent (
	member_id TEXT NOT NULL REFERENCES member (id),
	seq INTEGER NOT NULL,
	at INTEGER NOT NULL,
	field TEXT NOT NULL,
	from_level TEXT NOT NULL CHECK (from_level IN ('nobody', 'staff', 'space', 'network', 'public')),
	to_level TEXT NOT NULL CHECK (to_level IN ('nobody', 'staff', 'space', 'network', 'public')),
	text_version TEXT NOT NULL,
	source TEXT NOT NULL CHECK (source IN ('member', 'import')),
	request_id TEXT NOT NULL,
	PRIMARY KEY (member_id, seq),
	CHECK (from_level <> to_level)
) STRICT, WITHOUT ROWID;

-- Who was erased, as a keyed hash of the id: a copy that is restored has them again, and they are erased again at the next start.
CREATE TABLE tombstone (
	mark BLOB NOT NULL PRIMARY KEY,
	at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
