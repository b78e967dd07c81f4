-- A row and what a view makes of it are two parts, and a kill may come between them. Where a sender sends again, both are
-- written again; correlation did not, since it saw from the row that its work was done. So the two inverses that it relies
-- on are written by itself, before what they are the inverse of. What a kill may have left out is made up for here.
DROP VIEW IF EXISTS label_keys_view;

DROP VIEW IF EXISTS instance_weeks_view;

INSERT INTO label_keys (definition, label, key) SELECT definition, label, key FROM key_labels;

INSERT INTO instance_weeks (definition, label, week) SELECT DISTINCT definition, label, week FROM instances_by_week;
