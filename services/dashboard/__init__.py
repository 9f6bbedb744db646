"""The pages.

`pages` declares every page and `app` makes their routes. `page` says what a page is and renders it, `page_request` is
one request for a page. `overzicht`, `onderwerp`, `verschil`, `uitleg` and the folders `tabellen` and `alarmen` make
what templates show. `melden` takes in what people report: `formulieren` declares its forms, whose fields `velden`
derives from the events, `controle` is one form in one request, and `antwoord` is that form for programs. `kaart`,
`grafiek` and `tekst` draw and write, and `statisch` serves the files that pages load.
"""
