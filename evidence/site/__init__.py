"""The web page: a folder of plain files that needs no server and no network.

Python computes everything that is more than filtering, grouping and adding (votes, which report
stands for its cohort, pools, verdicts); the browser only chooses rows and adds them up. One module
fills one kind of page; its template has the same name.
"""
