-- 001.sql — the first schema of hacktivd's database. Times are seconds since 1970, money is cents without VAT.
--
-- Every key of a space's data leads with space_id, so that spaces can one day live on different machines; members and their
-- tokens belong to the network. A double booking cannot be written down: see table slot.

CREATE TABLE setting (
	name TEXT NOT NULL PRIMARY KEY,
	value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE space (
	id TEXT NOT NULL PRIMARY KEY,
	position INTEGER NOT NULL,
	slug TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	former_name TEXT NOT NULL,
	description TEXT NOT NULL,
	street TEXT NOT NULL,
	postcode TEXT NOT NULL,
	town TEXT NOT NULL,
	country TEXT NOT NULL,
	time_zone TEXT NOT NULL,
	operator_name TEXT NOT NULL,
	phone TEXT NOT NULL,
	access_note TEXT NOT NULL,
	granule_s INTEGER NOT NULL CHECK (granule_s IN (300, 600, 900, 1800, 3600)),
	vat_permille INTEGER NOT NULL,
	boundary INTEGER NOT NULL CHECK (boundary BETWEEN 0 AND 1440),
	open_on_holidays INTEGER NOT NULL CHECK (open_on_holidays IN (0, 1)),
	sample_data INTEGER NOT NULL CHECK (sample_data IN (0, 1)),
	version INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- Minutes after local midnight, half-open; weekday 0 is Monday.
CREATE TABLE opening (
	space_id TEXT NOT NULL REFERENCES space (id),
	weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
	opens INTEGER NOT NULL CHECK (opens BETWEEN 0 AND 1440),
	closes INTEGER NOT NULL CHECK (closes BETWEEN 0 AND 1440),
	PRIMARY KEY (space_id, weekday, opens),
	CHECK (closes > opens)
) STRICT, WITHOUT ROWID;

-- Dates inclusive on both ends.
CREATE TABLE closure (
	space_id TEXT NOT NULL REFERENCES space (id),
	first_date TEXT NOT NULL,
	last_date TEXT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (space_id, first_date, last_date, reason),
	CHECK (last_date >= first_date)
) STRICT, WITHOUT ROWID;

CREATE TABLE resource (
	space_id TEXT NOT NULL REFERENCES space (id),
	id TEXT NOT NULL,
	position INTEGER NOT NULL,
	name TEXT NOT NULL,
	area TEXT NOT NULL,
	note TEXT NOT NULL,
	kind TEXT NOT NULL,
	state TEXT NOT NULL,
	state_reason TEXT NOT NULL,
	amenities INTEGER NOT NULL,
	capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 500),
	units INTEGER NOT NULL DEFAULT 1 CHECK (units BETWEEN 1 AND 500),
	half_day_cents INTEGER NOT NULL,
	day_cents INTEGER NOT NULL,
	by_hour INTEGER NOT NULL CHECK (by_hour IN (0, 1)),
	hour_cents INTEGER NOT NULL,
	cancel_minutes INTEGER NOT NULL,
	version INTEGER NOT NULL DEFAULT 1,
	PRIMARY KEY (space_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE member (
	id TEXT NOT NULL PRIMARY KEY,
	login TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	home_space_id TEXT NOT NULL,
	usual_resource_id TEXT NOT NULL,
	password_hash TEXT
) STRICT, WITHOUT ROWID;

-- Only the SHA-256 of a token is known here.
CREATE TABLE token (
	hash BLOB NOT NULL PRIMARY KEY,
	member_id TEXT NOT NULL REFERENCES member (id),
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The answer kept for a request that took effect, written in the same transaction as the effect.
CREATE TABLE idem (
	space_id TEXT NOT NULL,
	member_id TEXT NOT NULL,
	key TEXT NOT NULL,
	fingerprint BLOB NOT NULL,
	status INTEGER NOT NULL,
	body TEXT NOT NULL,
	location TEXT NOT NULL,
	etag TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (space_id, member_id, key)
) STRICT, WITHOUT ROWID;

-- Minutes after local midnight for hours, which say their edges themselves; 0 for half-days.
CREATE TABLE booking (
	space_id TEXT NOT NULL,
	id TEXT NOT NULL,
	resource_id TEXT NOT NULL,
	unit INTEGER NOT NULL DEFAULT 1,
	member_id TEXT NOT NULL REFERENCES member (id),
	date TEXT NOT NULL,
	part TEXT NOT NULL CHECK (part IN ('am', 'pm', 'day', 'hours')),
	from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1440),
	until_minute INTEGER NOT NULL CHECK (until_minute BETWEEN 0 AND 1440),
	start_at INTEGER NOT NULL,
	end_at INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('confirmed', 'pending', 'cancelled')),
	cancel_until INTEGER NOT NULL,
	net_cents INTEGER NOT NULL,
	vat_permille INTEGER NOT NULL,
	gross_cents INTEGER NOT NULL,
	version INTEGER NOT NULL DEFAULT 1,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (space_id, id),
	FOREIGN KEY (space_id, resource_id) REFERENCES resource (space_id, id),
	CHECK (end_at > start_at),
	CHECK ((part = 'hours') = (until_minute > from_minute))
) STRICT, WITHOUT ROWID;

CREATE INDEX booking_by_member ON booking (member_id, start_at, id);

-- One row is one granule of time of one unit of one resource in somebody's hands. The primary key is the guarantee that
-- nobody else gets it. A cancelled booking gives its rows back.
CREATE TABLE slot (
	space_id TEXT NOT NULL,
	resource_id TEXT NOT NULL,
	unit INTEGER NOT NULL,
	granule INTEGER NOT NULL,
	booking_id TEXT NOT NULL,
	PRIMARY KEY (space_id, resource_id, unit, granule),
	FOREIGN KEY (space_id, booking_id) REFERENCES booking (space_id, id)
) STRICT, WITHOUT ROWID;

-- The number of the space's last change. Counted up inside the transaction that changes something, so that numbers have no gap
-- and become visible in their order; a serial number would not (11 can commit before 10).
CREATE TABLE feed (
	space_id TEXT NOT NULL PRIMARY KEY REFERENCES space (id),
	seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE change_log (
	space_id TEXT NOT NULL,
	seq INTEGER NOT NULL,
	at INTEGER NOT NULL,
	kind TEXT NOT NULL,
	ref TEXT NOT NULL,
	version INTEGER NOT NULL,
	PRIMARY KEY (space_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
	space_id TEXT NOT NULL,
	seq INTEGER NOT NULL,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	action TEXT NOT NULL,
	ref TEXT NOT NULL,
	request_id TEXT NOT NULL,
	PRIMARY KEY (space_id, seq)
) STRICT, WITHOUT ROWID;
