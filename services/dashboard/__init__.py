"""The pages.

`pages` declares every page and `app` makes their routes. `page` says what a page is and renders it, `page_request` is
one request for a page. `overzicht`, `tabellen`, `onderwerp`, `alarmlijst` and `uitleg` make what templates show.
`melden` takes in what people report. `meldformulieren` declares its forms, whose fields `meldvelden` derives from the
events; `meldcontrole` is one form in one request, and the other `meld*` files find, read, check and count ahead for it.
`kaart`, `grafiek`, `lijst` and `tekst` draw and write, and `statisch` serves the files that pages load.
"""
