"""The report `ltv`: its sheets."""
