"""Wat er op de topics staat: het model van elke gebeurtenis, en hoe ruwe bytes er een worden.

`fields` de bouwstenen · `events` één model per type · `reading` bytes → gebeurtenissen of fouten ·
`errors` fouten in het Nederlands · `reference` gemeenten en provincies · `generate` JSON Schema en AsyncAPI.
"""
