"""Full-text search for Chinese news: who said what, in which county, and when."""

__version__ = "0.1.0"
