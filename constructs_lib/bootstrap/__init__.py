"""What sets the domain up: the construct, and beside it the code that it deploys."""
