"""What people type about requests: well-formed or said what is not."""
