"""Reads over HTTP.

`params` what may be asked · `cijfers` the figures of a view, computed once ·
`answers` figures → JSON · `pages` which rows of a list · `models` what the JSON looks like, for the description ·
`app` the routes · `gauges` the same figures for `/metrics`.
"""
