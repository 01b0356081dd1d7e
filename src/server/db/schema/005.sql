-- 005.sql — approval, presence, and money as counters.
--
-- A booking that was declined or that lapsed is stored as cancelled, with the word in `ended`: all that asks who holds a place
-- needs to know one state only. Who did not come is stored nowhere: model/presence.h tells it from the clock.

ALTER TABLE resource ADD COLUMN approval TEXT NOT NULL DEFAULT 'none' CHECK (approval IN ('none', 'staff'));
ALTER TABLE resource ADD COLUMN frees_on_check_out INTEGER NOT NULL DEFAULT 0 CHECK (frees_on_check_out IN (0, 1));

-- Times: 0 is not yet. `pass_id` is of a pass or carnet; `half_days` what of it, or of the network days, this booking holds.
ALTER TABLE booking ADD COLUMN ended TEXT NOT NULL DEFAULT '' CHECK (ended IN ('', 'declined', 'lapsed'));
ALTER TABLE booking ADD COLUMN state_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE booking ADD COLUMN checked_in_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE booking ADD COLUMN checked_out_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE booking ADD COLUMN pay_by TEXT NOT NULL DEFAULT 'price' CHECK (pay_by IN ('price', 'pass', 'network_day', 'carnet'));
ALTER TABLE booking ADD COLUMN pass_id TEXT NOT NULL DEFAULT '';
ALTER TABLE booking ADD COLUMN half_days INTEGER NOT NULL DEFAULT 0 CHECK (half_days BETWEEN 0 AND 2);
ALTER TABLE booking ADD COLUMN given_back INTEGER NOT NULL DEFAULT 0 CHECK (given_back IN (0, 1));

CREATE INDEX booking_waiting ON booking (space_id, start_at, id) WHERE state = 'pending';
CREATE INDEX booking_here ON booking (space_id, date) WHERE checked_in_at > 0 AND checked_out_at = 0;

-- How a space takes those who come. A space without a row takes no presence and gives nothing away.
CREATE TABLE terms (
	space_id TEXT NOT NULL PRIMARY KEY REFERENCES space (id),
	takes_presence INTEGER NOT NULL CHECK (takes_presence IN (0, 1)),
	check_in_minutes INTEGER NOT NULL CHECK (check_in_minutes BETWEEN 0 AND 1440),
	grace_minutes INTEGER NOT NULL CHECK (grace_minutes BETWEEN 0 AND 1440),
	network_days INTEGER NOT NULL CHECK (network_days BETWEEN 0 AND 366)
) STRICT, WITHOUT ROWID;

-- The space takes carnets that the other one sold.
CREATE TABLE reciprocity (
	space_id TEXT NOT NULL REFERENCES space (id),
	carnet_space_id TEXT NOT NULL REFERENCES space (id),
	PRIMARY KEY (space_id, carnet_space_id)
) STRICT, WITHOUT ROWID;

-- Passes and carnets are the member's and go with them from space to space, so they are known by id alone. `space_id` sold it.
-- A carnet cannot be overdrawn, whoever books where at the same moment: the row is changed in the booking's own transaction.
CREATE TABLE pass (
	id TEXT NOT NULL PRIMARY KEY,
	member_id TEXT NOT NULL REFERENCES member (id),
	kind TEXT NOT NULL CHECK (kind IN ('pass', 'carnet')),
	space_id TEXT NOT NULL REFERENCES space (id),
	scope TEXT NOT NULL CHECK (scope IN ('space', 'network')),
	first_date TEXT NOT NULL,
	last_date TEXT NOT NULL,
	half_days INTEGER NOT NULL CHECK (half_days >= 0),
	half_days_left INTEGER NOT NULL,
	net_cents INTEGER NOT NULL CHECK (net_cents >= 0),
	vat_permille INTEGER NOT NULL,
	gross_cents INTEGER NOT NULL,
	sold_at INTEGER NOT NULL,
	CHECK (last_date >= first_date),
	CHECK (half_days_left BETWEEN 0 AND half_days)
) STRICT, WITHOUT ROWID;

CREATE INDEX pass_by_member ON pass (member_id, sold_at, id);

-- Half-days of the network that a member had at a space in a year, and how many there were to have when the last was taken.
CREATE TABLE network_day (
	space_id TEXT NOT NULL REFERENCES space (id),
	member_id TEXT NOT NULL REFERENCES member (id),
	year INTEGER NOT NULL,
	used INTEGER NOT NULL CHECK (used >= 0),
	most INTEGER NOT NULL,
	PRIMARY KEY (space_id, member_id, year),
	CHECK (used <= most)
) STRICT, WITHOUT ROWID;

CREATE INDEX network_day_by_member ON network_day (member_id, year);

-- Every movement of a counter and every cent due, in the transaction that caused it; rows are only ever added. `half_days` is what the
-- counter goes up by: bought and given back above 0, used below. Cents are what is due: given back below 0. All balances can be
-- counted anew from here.
CREATE TABLE ledger (
	space_id TEXT NOT NULL,
	at INTEGER NOT NULL,
	id TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('sale', 'booking', 'given_back')),
	pay_by TEXT NOT NULL CHECK (pay_by IN ('price', 'pass', 'network_day', 'carnet')),
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
