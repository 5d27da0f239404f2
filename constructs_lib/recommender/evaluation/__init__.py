"""How good recommendations are: measuring on sessions that are held out, comparing, tuning."""
