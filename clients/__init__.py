"""What sites and apps load to send events."""
