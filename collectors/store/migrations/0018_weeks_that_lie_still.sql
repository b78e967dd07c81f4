-- Every question about spans passes over all parts of all weeks, if only to see that they don't matter, so years of history
-- in parts of a busy hour made each trace slower. A week to which nothing was added for a day is merged into one part (as
-- far as parts may grow), which writes each span once more.
ALTER TABLE spans MODIFY SETTING min_age_to_force_merge_seconds = 86400, min_age_to_force_merge_on_partition_only = 1;
