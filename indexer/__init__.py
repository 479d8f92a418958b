"""The catalogue: what is stored, how it is found, and who looks after it."""
