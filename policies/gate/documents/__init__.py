"""What a document holds that policies ask about: its fields and operations. Pure; bounded."""
