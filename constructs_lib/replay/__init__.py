"""Sending again what landed in the archive: error objects and backed-up events, back onto the stream."""
