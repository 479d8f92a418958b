"""Search engines behind one port (``base.Engine``): ``memory`` and ``tantivy``."""
