"""Engines: annotated articles -> an index; a query -> what matches. One interface (`base`)."""
