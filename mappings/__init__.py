"""What a record is: its types, its searchable fields and its vocabularies. Imports nothing of Halocline."""
