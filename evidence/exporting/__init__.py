"""What leaves the house: the data set, or a part of it, in the formats of other programs.

Each format is a function from a data set (:class:`~evidence.exporting.about.Outgoing`) to bytes.
Every one carries version, date and citation; those that carry all of a data set are read back, byte
for byte, by :mod:`evidence.importing.from_export`.
"""
