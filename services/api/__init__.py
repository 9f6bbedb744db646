"""Reads over HTTP. `services.reads` makes the answers.

`app` the routes, with those of `verklaringen`, `reeksen` and `alarmen` · `params` what may be asked · `pages` which
rows of a list · `answering` an answer as a response · `stroom` what changes, as it happens · `gauges` the figures in
`/metrics` · `unprocessable` what could not be accepted · `definities` what each figure means.
"""
