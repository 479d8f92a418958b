"""Real servers of other makers, each in a virtual environment of its own, for the tests marked ``peer``."""
