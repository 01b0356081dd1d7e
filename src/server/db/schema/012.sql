-- 012.sql — a booking costs what it must: words one may choose from are written out with OR where rows are added often, since for IN with
-- more than two of them SQLite fills a table of its own at every row; and what a booking holds is looked up by nobody but who asks for it.
--
-- `slot` names a booking that is made and cancelled in the transaction that takes and gives back its rows: a foreign key would look the
-- same booking up for each quarter of an hour. `hacktivd verify` counts what is held by no booking (integrity.c).

-- In the order in which they are used up: every booking asks.
CREATE INDEX pass_by_end ON pass (member_id, last_date, sold_at, id);

-- postgres only
ALTER TABLE slot DROP CONSTRAINT slot_space_id_booking_id_fkey;
-- sqlite only
CREATE TABLE slot_free (
	space_id TEXT NOT NULL,
	resource_id TEXT NOT NULL,
	unit INTEGER NOT NULL,
	granule INTEGER NOT NULL,
	booking_id TEXT NOT NULL,
	PRIMARY KEY (space_id, resource_id, unit, granule)
) STRICT, WITHOUT ROWID;

INSERT INTO slot_free (space_id, resource_id, unit, granule, booking_id) SELECT space_id, resource_id, unit, granule, booking_id FROM slot;
DROP TABLE slot;
ALTER TABLE slot_free RENAME TO slot;

CREATE TABLE booking_quick (
	space_id TEXT NOT NULL,
	id TEXT NOT NULL,
	resource_id TEXT NOT NULL,
	unit INTEGER NOT NULL DEFAULT 1,
	member_id TEXT NOT NULL REFERENCES member (id),
	date TEXT NOT NULL,
	part TEXT NOT NULL CHECK (part = 'am' OR part = 'pm' OR part = 'day' OR part = 'hours'),
	from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1440),
	until_minute INTEGER NOT NULL CHECK (until_minute BETWEEN 0 AND 1440),
	start_at INTEGER NOT NULL,
	end_at INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state = 'confirmed' OR state = 'pending' OR state = 'cancelled'),
	cancel_until INTEGER NOT NULL,
	net_cents INTEGER NOT NULL,
	vat_permille INTEGER NOT NULL,
	gross_cents INTEGER NOT NULL,
	version INTEGER NOT NULL DEFAULT 1,
	created_at INTEGER NOT NULL,
	series_id TEXT NOT NULL DEFAULT '',
	title TEXT NOT NULL DEFAULT '',
	note TEXT NOT NULL DEFAULT '',
	people INTEGER NOT NULL DEFAULT 0 CHECK (people BETWEEN 0 AND 500),
	late INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1)),
	cancel_reason TEXT NOT NULL DEFAULT '',
	ended TEXT NOT NULL DEFAULT '' CHECK (ended = '' OR ended = 'declined' OR ended = 'lapsed'),
	state_reason TEXT NOT NULL DEFAULT '',
	checked_in_at INTEGER NOT NULL DEFAULT 0,
	checked_out_at INTEGER NOT NULL DEFAULT 0,
	pay_by TEXT NOT NULL DEFAULT 'price' CHECK (pay_by = 'price' OR pay_by = 'pass' OR pay_by = 'network_day' OR pay_by = 'carnet'),
	pass_id TEXT NOT NULL DEFAULT '',
	half_days INTEGER NOT NULL DEFAULT 0 CHECK (half_days BETWEEN 0 AND 2),
	given_back INTEGER NOT NULL DEFAULT 0 CHECK (given_back IN (0, 1)),
	changed_at INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (space_id, id),
	FOREIGN KEY (space_id, resource_id) REFERENCES resource (space_id, id),
	CHECK (end_at > start_at),
	CHECK ((part = 'hours') = (until_minute > from_minute))
) STRICT, WITHOUT ROWID;

INSERT INTO booking_quick SELECT * FROM booking;
DROP TABLE booking;
ALTER TABLE booking_quick RENAME TO booking;

CREATE INDEX booking_by_member ON booking (member_id, start_at, id);
CREATE INDEX booking_by_space ON booking (space_id, start_at, id);
CREATE INDEX booking_of_series ON booking (space_id, series_id, start_at, id) WHERE series_id <> '';
CREATE INDEX booking_waiting ON booking (space_id, start_at, id) WHERE state = 'pending';
CREATE INDEX booking_here ON booking (space_id, date) WHERE checked_in_at > 0 AND checked_out_at = 0;

CREATE TABLE ledger_quick (
	space_id TEXT NOT NULL,
	at INTEGER NOT NULL,
	id TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind = 'sale' OR kind = 'booking' OR kind = 'given_back'),
	pay_by TEXT NOT NULL CHECK (pay_by = 'price' OR pay_by = 'pass' OR pay_by = 'network_day' OR pay_by = 'carnet'),
	member_id TEXT NOT NULL,
	booking_id TEXT NOT NULL,
	pass_id TEXT NOT NULL,
	date TEXT NOT NULL,
	half_days INTEGER NOT NULL,
	net_cents INTEGER NOT NULL,
	vat_permille INTEGER NOT NULL,
	gross_cents INTEGER NOT NULL,
	PRIMARY KEY (space_id, at, id)
) STRICT, WITHOUT ROWID;

INSERT INTO ledger_quick SELECT * FROM ledger;
DROP TABLE ledger;
ALTER TABLE ledger_quick RENAME TO ledger;
-- both
