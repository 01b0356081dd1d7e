-- 013.sql — the feed says which day a booking is of: whoever shows another day need not look again.

ALTER TABLE change_log ADD COLUMN date TEXT NOT NULL DEFAULT '';
