"""What runs inside the emulator's own process: moto's server and what the pipeline needs beyond it.

Each module extends one service in process, where stock moto refuses, forgets or only pretends. `server` puts them
together; nothing outside that process imports them.
"""
