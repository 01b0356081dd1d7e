-- 009.sql — standing: what is counted, sessions with the tokens that belong to them, and codes of devices that wait to be let in.

-- How often something was tried. The key is a keyed hash of what is limited and whom: nothing to read in a stolen copy.
CREATE TABLE rate (
	key BLOB NOT NULL PRIMARY KEY,
	count INTEGER NOT NULL CHECK (count >= 0),
	ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
