"""The code of the collector's function; it uses only the standard library, so a cold start loads no SDK."""
