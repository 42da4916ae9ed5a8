"""From harmonised tables to the star schema: build, indicators, audit. Pseudonyms only from here on."""
