-- 003.sql — who works where: roles beside that of a member, each for one space or, with '', for the whole network.

CREATE TABLE role (
	member_id TEXT NOT NULL REFERENCES member (id),
	role TEXT NOT NULL CHECK (role IN ('reception', 'operator', 'coordinator', 'finance', 'administrator')),
	space_id TEXT NOT NULL,
	PRIMARY KEY (member_id, role, space_id)
) STRICT, WITHOUT ROWID;

INSERT INTO role (member_id, role, space_id) SELECT id, 'reception', staff_of FROM member WHERE staff_of <> '';
