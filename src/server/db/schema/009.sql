-- 009.sql — standing: what is counted, sessions with the tokens that belong to them, and codes of devices that wait to be let in.

-- How often something was tried. The key is a keyed hash of what is limited and whom: nothing to read in a stolen copy.
CREATE TABLE rate (
	key BLOB NOT NULL PRIMARY KEY,
	count INTEGER NOT NULL CHECK (count >= 0),
	ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One log-in, or one token made for a script: what its tokens have in common, and what ends with it.
CREATE TABLE session (
	member_id TEXT NOT NULL REFERENCES member (id),
	id TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('password', 'device', 'personal')),
	client TEXT NOT NULL,
	name TEXT NOT NULL,
	scopes INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	used_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	PRIMARY KEY (member_id, id)
) STRICT, WITHOUT ROWID;

-- 127: all that whoever logged in with a password may.
ALTER TABLE token ADD COLUMN session_id TEXT NOT NULL DEFAULT '';
ALTER TABLE token ADD COLUMN scopes INTEGER NOT NULL DEFAULT 127;
CREATE INDEX token_by_member ON token (member_id, session_id);

-- Those given out stay until they would have expired: one that comes a second time was stolen, or its successor was. What a successor
-- is made of is the token that was handed in and this salt; neither alone is worth anything.
CREATE TABLE refresh (
	hash BLOB NOT NULL PRIMARY KEY,
	member_id TEXT NOT NULL,
	session_id TEXT NOT NULL,
	expires_at INTEGER NOT NULL,
	rotated_at INTEGER NOT NULL DEFAULT 0,
	salt BLOB,
	FOREIGN KEY (member_id, session_id) REFERENCES session (member_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_by_member ON refresh (member_id, session_id);

-- A device that asked to be let in (RFC 8628). The address is kept as long as the code, to be shown to whoever is asked.
CREATE TABLE device (
	hash BLOB NOT NULL PRIMARY KEY,
	user_code TEXT NOT NULL UNIQUE,
	client TEXT NOT NULL,
	scopes INTEGER NOT NULL,
	address TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	interval_s INTEGER NOT NULL,
	polled_at INTEGER NOT NULL DEFAULT 0,
	tries INTEGER NOT NULL DEFAULT 0,
	state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'granted', 'denied', 'spent')),
	member_id TEXT NOT NULL DEFAULT '',
	page_hash BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX device_by_page ON device (page_hash) WHERE page_hash IS NOT NULL;
