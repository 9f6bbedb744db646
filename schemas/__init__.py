"""Wat er op de topics staat: het model van elke gebeurtenis, en hoe ruwe bytes er een worden.

`fields` de bouwstenen · `data` wat er in `data` staat · `events` één model per type · `reading` bytes → gebeurtenissen
of fouten · `errors` fouten in het Nederlands · `reference` gemeenten en provincies · `generate` en `asyncapi` de
beschrijvingen daarvan in JSON Schema en AsyncAPI.
"""
