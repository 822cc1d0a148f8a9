"""The commands, a file for each group. Each is thin: it reads its options, calls one function and
prints what comes back.
"""
