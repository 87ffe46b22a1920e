"""The reports of what to do: `at-risk`, `opportunities`, `segment`."""
