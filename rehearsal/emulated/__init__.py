"""The code of the emulator's process: moto's server and the extensions that the pipeline needs.

Each module extends one service where stock moto refuses a request, loses settings or only simulates. `server` combines
them; nothing outside that process imports them.
"""
