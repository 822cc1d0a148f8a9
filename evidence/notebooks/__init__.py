"""Execute notebooks, and say what changed in them."""
