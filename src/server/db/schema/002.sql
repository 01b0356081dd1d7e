-- 002.sql — what happens in the network and who comes; organisations; what members show of themselves, and to whom.
--
-- An overfull activity cannot be written down: sign-ups are counted on its row in the same transaction, and the count is held by
-- a CHECK. That nobody waits while a place is free, and that the line is kept, is the work of signup.c.

-- Who works at the reception of a space sees what its members show to the staff.
ALTER TABLE member ADD COLUMN staff_of TEXT NOT NULL DEFAULT '';

CREATE TABLE activity (
	space_id TEXT NOT NULL REFERENCES space (id),
	id TEXT NOT NULL,
	title TEXT NOT NULL,
	summary TEXT NOT NULL,
	description TEXT NOT NULL,
	place TEXT NOT NULL,
	organiser TEXT NOT NULL,
	note TEXT NOT NULL,
	link TEXT NOT NULL,
	format TEXT NOT NULL,
	languages INTEGER NOT NULL,
	online INTEGER NOT NULL CHECK (online IN (0, 1)),
	date TEXT NOT NULL,
	start_at INTEGER NOT NULL,
	end_at INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('scheduled', 'cancelled')),
	capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 10000),
	taken INTEGER NOT NULL DEFAULT 0,
	waiting INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0),
	next_ticket INTEGER NOT NULL DEFAULT 1,
	signup_until INTEGER NOT NULL,
	withdraw_until INTEGER NOT NULL,
	folded TEXT NOT NULL,
	version INTEGER NOT NULL DEFAULT 1,
	PRIMARY KEY (space_id, id),
	CHECK (end_at > start_at),
	CHECK (signup_until <= start_at AND withdraw_until <= start_at),
	CHECK (taken BETWEEN 0 AND capacity)
) STRICT, WITHOUT ROWID;

CREATE INDEX activity_by_start ON activity (start_at, id);

-- One row for each person who ever signed up. Tickets go up only; the lowest ticket that waits is the first in line.
CREATE TABLE signup (
	space_id TEXT NOT NULL,
	activity_id TEXT NOT NULL,
	member_id TEXT NOT NULL REFERENCES member (id),
	state TEXT NOT NULL CHECK (state IN ('signed_up', 'waitlisted', 'withdrawn')),
	ticket INTEGER NOT NULL,
	since INTEGER NOT NULL,
	PRIMARY KEY (space_id, activity_id, member_id),
	UNIQUE (space_id, activity_id, ticket),
	FOREIGN KEY (space_id, activity_id) REFERENCES activity (space_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX signup_line ON signup (space_id, activity_id, ticket) WHERE state = 'waitlisted';
CREATE INDEX signup_by_member ON signup (member_id);

CREATE TABLE organisation (
	id TEXT NOT NULL PRIMARY KEY,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	sector TEXT NOT NULL,
	description TEXT NOT NULL,
	street TEXT NOT NULL,
	postcode TEXT NOT NULL,
	town TEXT NOT NULL,
	country TEXT NOT NULL,
	website TEXT NOT NULL,
	email TEXT NOT NULL,
	phone TEXT NOT NULL,
	registration_scheme TEXT NOT NULL,
	registration_number TEXT NOT NULL,
	languages INTEGER NOT NULL,
	visits INTEGER NOT NULL CHECK (visits IN (0, 1)),
	contact_id TEXT NOT NULL,
	sort_name TEXT NOT NULL,
	folded TEXT NOT NULL,
	version INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE INDEX organisation_by_name ON organisation (sort_name, id);
-- Counted once, however many people come from it.
CREATE UNIQUE INDEX organisation_by_number ON organisation (registration_scheme, registration_number)
	WHERE registration_scheme <> '';

CREATE TABLE card (
	member_id TEXT NOT NULL PRIMARY KEY REFERENCES member (id),
	profession TEXT NOT NULL,
	organisation_id TEXT NOT NULL,
	organisation_name TEXT NOT NULL,
	skills TEXT NOT NULL,
	languages INTEGER NOT NULL,
	town TEXT NOT NULL,
	country TEXT NOT NULL,
	email TEXT NOT NULL,
	phone TEXT NOT NULL,
	website TEXT NOT NULL,
	about TEXT NOT NULL,
	sort_name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What is not here is shown to nobody.
CREATE TABLE card_field (
	member_id TEXT NOT NULL REFERENCES card (member_id),
	field TEXT NOT NULL,
	shown_to TEXT NOT NULL CHECK (shown_to IN ('staff', 'space', 'network', 'public')),
	PRIMARY KEY (member_id, field)
) STRICT, WITHOUT ROWID;

-- Folded words of a card, to find it by their beginnings. They only narrow the search: what is on the card for whoever
-- looks decides.
CREATE TABLE card_word (
	word TEXT NOT NULL,
	member_id TEXT NOT NULL REFERENCES card (member_id),
	PRIMARY KEY (word, member_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX card_word_by_member ON card_word (member_id);
