"""The scorecard of a department for its appraisal: agreed figures, what customers say, what was put right."""
