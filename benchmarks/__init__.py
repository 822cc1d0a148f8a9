"""How long things take, and how that grows. ``make bench`` prints one table; the single scripts
look closer at one thing each.

Nothing here tests anything. ``python -m benchmarks --help`` says what can be chosen.
"""
