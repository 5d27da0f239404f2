"""Draws dashboards without OpenSearch Dashboards: the panels' searches, and their pictures in a real browser.

OpenSearch Dashboards and Kibana are not published where a test could start them. This package does their work for a
saved visualization: it builds the search (`searches`), and draws the answer (`drawing`, `browser`). It draws Vega
panels with the libraries of Dashboards, and classic panels with the same numbers in a simpler look.
"""
