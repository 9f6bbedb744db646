"""A file of a source, brought in on a page.

`ontvangst` takes in what a browser sends · `proef` says what a file would do · `inlezen` is the page that shows and
sends that · `namen` is the page of the names that nobody knows yet.
"""
