-- Its rows lie in instances_by_week.
DROP TABLE IF EXISTS instances;
