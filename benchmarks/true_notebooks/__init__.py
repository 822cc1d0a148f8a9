"""How many falsified notebooks are noticed, by this plugin and by others, and how fast."""
