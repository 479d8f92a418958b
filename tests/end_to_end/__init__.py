"""Harvests over HTTP, with the real pipeline into a real catalogue: demo, recordings, real peers."""
