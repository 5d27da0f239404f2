"""The function that sets the domain up; nothing here imports cdktf."""
