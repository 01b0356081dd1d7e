-- 011.sql — upkeep: which resource a change was about when it happened. A booking may have moved on since.

ALTER TABLE change_log ADD COLUMN resource_id TEXT NOT NULL DEFAULT '';

UPDATE change_log SET resource_id =
	coalesce((SELECT b.resource_id FROM booking b WHERE b.space_id = change_log.space_id AND b.id = change_log.ref), '');
