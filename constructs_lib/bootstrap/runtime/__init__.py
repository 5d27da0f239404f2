"""The function that sets up the domain; nothing here imports cdktf."""
