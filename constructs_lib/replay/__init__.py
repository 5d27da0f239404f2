"""Sends records from the archive (error objects and backed-up events), or from a stream, to a stream again."""
