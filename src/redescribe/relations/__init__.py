"""Roles, matches and cohorts: what findings say about entities, labels and networks."""
