"""Scores at earlier dates, judged by who left afterwards: outcomes, who could be judged, figures, verdicts, weights."""
