-- 006.sql — places that are offered, conditions one agrees to, who came, and what became of every sign-up.
--
-- Sign-ups are counted by the statements that change them, in the transaction that holds their activity's row (line.c): no triggers.
-- The CHECK on the count stays: an overfull activity cannot be written down.

ALTER TABLE activity ADD COLUMN waitlist TEXT NOT NULL DEFAULT 'promote' CHECK (waitlist IN ('promote', 'offer'));
ALTER TABLE activity ADD COLUMN offer_minutes INTEGER NOT NULL DEFAULT 1440;
-- When the first open offer ends; 0: none is open.
ALTER TABLE activity ADD COLUMN offer_due INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activity ADD COLUMN organiser_id TEXT NOT NULL DEFAULT '';
ALTER TABLE activity ADD COLUMN conditions TEXT NOT NULL DEFAULT '';
ALTER TABLE activity ADD COLUMN conditions_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activity ADD COLUMN cancel_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE activity ADD COLUMN attendance_closed_at INTEGER NOT NULL DEFAULT 0;

CREATE INDEX activity_by_offer ON activity (offer_due) WHERE offer_due > 0;
CREATE INDEX activity_by_release ON activity (start_at) WHERE link <> '';

CREATE TABLE signup_counted (
	space_id TEXT NOT NULL,
	activity_id TEXT NOT NULL,
	member_id TEXT NOT NULL REFERENCES member (id),
	state TEXT NOT NULL CHECK (state IN ('signed_up', 'offered', 'waitlisted', 'withdrawn', 'lapsed')),
	ticket INTEGER NOT NULL,
	since INTEGER NOT NULL,
	until INTEGER NOT NULL DEFAULT 0,
	accepted_conditions INTEGER NOT NULL DEFAULT 0,
	attendance TEXT NOT NULL DEFAULT '' CHECK (attendance IN ('', 'present', 'absent', 'excused')),
	walk_in INTEGER NOT NULL DEFAULT 0 CHECK (walk_in IN (0, 1)),
	PRIMARY KEY (space_id, activity_id, member_id),
	UNIQUE (space_id, activity_id, ticket),
	FOREIGN KEY (space_id, activity_id) REFERENCES activity (space_id, id),
	CHECK ((until > 0) = (state = 'offered')),
	CHECK (attendance = '' OR state = 'signed_up')
) STRICT, WITHOUT ROWID;

INSERT INTO signup_counted (space_id, activity_id, member_id, state, ticket, since)
	SELECT space_id, activity_id, member_id, state, ticket, since FROM signup;
DROP TABLE signup;
ALTER TABLE signup_counted RENAME TO signup;

CREATE INDEX signup_line ON signup (space_id, activity_id, ticket) WHERE state = 'waitlisted';
CREATE INDEX signup_by_member ON signup (member_id);

-- One row for each change of a sign-up, under the number it has in the feed: who did it, and why when somebody else was passed over.
CREATE TABLE signup_history (
	space_id TEXT NOT NULL,
	activity_id TEXT NOT NULL,
	member_id TEXT NOT NULL REFERENCES member (id),
	seq INTEGER NOT NULL,
	at INTEGER NOT NULL,
	kind TEXT NOT NULL,
	by_id TEXT NOT NULL,
	reason TEXT NOT NULL,
	place INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (space_id, activity_id, member_id, seq),
	FOREIGN KEY (space_id, activity_id) REFERENCES activity (space_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX signup_history_by_member ON signup_history (member_id);
