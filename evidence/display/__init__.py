"""What readers see: readable tables, answers, the gallery, formatted references."""
