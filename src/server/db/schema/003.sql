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

-- Who read or changed what of whom, never altered. Ids and names of fields, no content. space_id: in which capacity, '' when in
-- none. It is about a member, who belongs to the network: hence not led by the space.
CREATE TABLE member_audit (
	member_id TEXT NOT NULL REFERENCES member (id),
	seq INTEGER NOT NULL,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	action TEXT NOT NULL,
	fields TEXT NOT NULL,
	space_id TEXT NOT NULL,
	request_id TEXT NOT NULL,
	PRIMARY KEY (member_id, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX member_audit_by_actor ON member_audit (actor);
CREATE INDEX member_audit_by_time ON member_audit (at);

-- The day of a space as its desk sees it.
CREATE INDEX booking_by_space ON booking (space_id, start_at, id);
