"""The data itself, looked at: exports checked, ids matched, people's workbook extended."""
