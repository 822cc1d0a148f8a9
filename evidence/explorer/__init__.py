"""The explorer: conditions, chart, three lenses and list of studies in one place, as controls in a
notebook or as a picture and a table.
"""
