"""What is private, decided once: by name, by value, and by whose id it is.

The transform, the bootstrap (whose erasure must find what the transform wrote) and the report about plans all ask
here. It travels in the functions' archives, so it imports nothing but the standard library and itself.
"""
