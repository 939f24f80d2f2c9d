"""Pages of figures: a department as supplier, as customer, and the whole company."""
