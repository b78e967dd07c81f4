"""The timeline of one business object: what there is to tell, and its drawings for wide and for narrow places."""
