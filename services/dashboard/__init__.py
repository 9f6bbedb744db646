"""The pages.

`pages` declares every page and `app` makes their routes. `page` says what a page is and renders it, `page_request` is
one request for a page. `overzicht`, `tabellen`, `onderwerp`, `alarmlijst` and `uitleg` make what templates show.
`melden` takes in what people report, with its form, its checks and what it would change in the three files beside it.
`kaart`, `grafiek`, `lijst` and `tekst` draw and write, and `statisch` serves the files that pages load.
"""
