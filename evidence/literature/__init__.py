"""The network: Crossref, PubMed and Europe PMC. Nothing else in the package touches it.

What a service answers is kept on disk record by record (:mod:`cache`), so that nothing is asked
twice; :mod:`session` is the only door to the network. From there: each service's language
(:mod:`crossref`, :mod:`pubmed`, :mod:`europepmc`), what they say about the sources
(:mod:`refresh`), what the saved search finds (:mod:`watch`), and a new row (:mod:`add`).
"""
