-- 004.sql — how a resource is booked beyond half-days, when it cannot be had, how much of it one person may have; what is said of a
-- booking beside its time, and the series it came with.

-- `takes`: bits of enum booking_unit; 0: half-days and days, and steps of time too where by_hour. Lengths and the step are minutes,
-- 0: no limit, the space's granule. `late_cancel`: what becomes of a cancellation after its time.
ALTER TABLE resource ADD COLUMN takes INTEGER NOT NULL DEFAULT 0 CHECK (takes BETWEEN 0 AND 15);
ALTER TABLE resource ADD COLUMN least_minutes INTEGER NOT NULL DEFAULT 0 CHECK (least_minutes BETWEEN 0 AND 1440);
ALTER TABLE resource ADD COLUMN most_minutes INTEGER NOT NULL DEFAULT 0 CHECK (most_minutes BETWEEN 0 AND 1440);
ALTER TABLE resource ADD COLUMN step_minutes INTEGER NOT NULL DEFAULT 0 CHECK (step_minutes BETWEEN 0 AND 1440);
ALTER TABLE resource ADD COLUMN late_cancel TEXT NOT NULL DEFAULT 'refuse' CHECK (late_cancel IN ('refuse', 'charge'));

-- How much of it one member may have: minutes of one date, and bookings not yet over; 0: no limit.
ALTER TABLE resource ADD COLUMN quota_day_minutes INTEGER NOT NULL DEFAULT 0 CHECK (quota_day_minutes >= 0);
ALTER TABLE resource ADD COLUMN quota_open_bookings INTEGER NOT NULL DEFAULT 0 CHECK (quota_open_bookings >= 0);
ALTER TABLE space ADD COLUMN quota_day_minutes INTEGER NOT NULL DEFAULT 0 CHECK (quota_day_minutes >= 0);
ALTER TABLE space ADD COLUMN quota_open_bookings INTEGER NOT NULL DEFAULT 0 CHECK (quota_open_bookings >= 0);

-- `people` 0: not told. `late`: cancelled after its time, so it is owed.
ALTER TABLE booking ADD COLUMN series_id TEXT NOT NULL DEFAULT '';
ALTER TABLE booking ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE booking ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE booking ADD COLUMN people INTEGER NOT NULL DEFAULT 0 CHECK (people BETWEEN 0 AND 500);
ALTER TABLE booking ADD COLUMN late INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1));
ALTER TABLE booking ADD COLUMN cancel_reason TEXT NOT NULL DEFAULT '';

CREATE INDEX booking_of_series ON booking (space_id, series_id, start_at, id) WHERE series_id <> '';

-- When a resource is out of order, or not there yet: local dates, inclusive on both ends, open ended until the last there is.
CREATE TABLE outage (
	space_id TEXT NOT NULL,
	id TEXT NOT NULL,
	resource_id TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('planned', 'out_of_order')),
	first_date TEXT NOT NULL,
	last_date TEXT NOT NULL,
	reason TEXT NOT NULL,
	version INTEGER NOT NULL DEFAULT 1,
	PRIMARY KEY (space_id, id),
	FOREIGN KEY (space_id, resource_id) REFERENCES resource (space_id, id),
	CHECK (last_date >= first_date)
) STRICT, WITHOUT ROWID;

CREATE INDEX outage_by_resource ON outage (space_id, resource_id, last_date);

-- A closure that staff wrote by hand has an id of its own; those of an import have none and are replaced by the next one.
ALTER TABLE closure ADD COLUMN id TEXT NOT NULL DEFAULT '';

-- The numbers that units of a resource can have: one row each, so that what is taken of several like units is a look-up by
-- the primary key of slot for each of them.
CREATE TABLE pool_unit (
	unit INTEGER NOT NULL PRIMARY KEY CHECK (unit BETWEEN 1 AND 500)
) STRICT, WITHOUT ROWID;

INSERT INTO pool_unit (unit)
	WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 500) SELECT n FROM number;
