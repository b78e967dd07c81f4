-- A reading that was replaced stays whole for a while, so that whoever began to ask by it can end by it.
ALTER TABLE definitions MODIFY COLUMN state Enum8('building' = 0, 'active' = 1, 'retired' = 2, 'leaving' = 3);
