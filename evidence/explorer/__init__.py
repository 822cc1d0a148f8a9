"""The explorer: conditions, charts, three lenses and studies in one place, as on the page, or as a
picture and a table.
"""
