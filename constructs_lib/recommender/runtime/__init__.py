"""The functions that recommend and that fold events into sessions; nothing here imports cdktf."""
