"""Dashboards without Dashboards: its panels' searches, and their pictures in a real browser.

OpenSearch Dashboards and Kibana are not published where a test could start them. What they do with a saved
visualization is small enough to do here: build the search (`searches`), and draw the answer (`drawing`, `browser`).
Vega panels are drawn by the very libraries that Dashboards uses; classic ones by their numbers, in a plainer look.
"""
