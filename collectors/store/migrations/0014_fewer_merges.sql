-- Under load merging what was inserted cost more CPU than decoding and inserting it. Parts of equal size are now merged
-- about a dozen at a time rather than five, so that a span is written again half as often; parts that lie still are merged
-- further all the same, since the older they are the fewer it takes. Merges go by one column after another from the first
-- row on, which halves what they cost here, and a fresh part is one file for its columns and not sixty.
ALTER TABLE spans MODIFY SETTING merge_selector_base = 17, vertical_merge_algorithm_min_rows_to_activate = 1, min_bytes_for_wide_part = 33554432;
