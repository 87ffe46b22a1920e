"""Orders without a term: revenue by year, cohorts, how recent, frequent and large, and what can be expected."""
