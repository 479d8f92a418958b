"""From endpoints to the catalogue: sources, polite fetching, the pipeline of one run, the scheduler."""
