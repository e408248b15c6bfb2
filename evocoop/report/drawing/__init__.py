"""Charts as Altair layers: plain numbers and texts in, a chart without title out."""
