-- 003.sql — who works where: roles beside that of a member, each for one space or, with '', for the whole network.

CREATE TABLE role (
	member_id TEXT NOT NULL REFERENCES member (id),
	role TEXT NOT NULL CHECK (role IN ('reception', 'operator', 'coordinator', 'finance', 'administrator')),
	space_id TEXT NOT NULL,
	PRIMARY KEY (member_id, role, space_id),
	CHECK ((role IN ('reception', 'operator')) = (space_id <> ''))
) STRICT, WITHOUT ROWID;

INSERT INTO role (member_id, role, space_id) SELECT id, 'reception', staff_of FROM member WHERE staff_of <> '';
ALTER TABLE member DROP COLUMN staff_of;

-- Since when a member may not log in any more.
ALTER TABLE member ADD COLUMN disabled_at INTEGER;

-- The day of a space as its desk sees it.
CREATE INDEX booking_by_space ON booking (space_id, start_at, id);
