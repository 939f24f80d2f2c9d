"""All figures of a department on one page, narrowed by whatever figures can be narrowed by."""
