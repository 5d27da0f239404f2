"""The client for pages: source, types, and the build that is shipped."""
