"""``make recommend-bench``: how good and how fast recommendations are, on real engines, through what is deployed."""
