"""The catalogue at the terminal: records, quarantine, data requests, index and crosswalks."""
