"""Stand-ins for AWS on one machine, for tests and for trying things: nothing here is deployed."""
