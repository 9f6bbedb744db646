"""The weekly edition: the public figures of one week as files in a folder that any web server can serve.

`week` knows the weeks · `manifest` is what an edition says of itself · `inhoud` makes its files from the answers of a
server · `verandering` tells what changed since the one before · `bladen` makes its pages · `maken` makes it whole ·
`kast` keeps editions in a folder, so that each is there whole or not at all · `heel` checks one against its manifest
and its signature.
"""
