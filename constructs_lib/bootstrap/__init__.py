"""The bootstrap, which sets up the domain: the construct, and the code that it deploys."""
