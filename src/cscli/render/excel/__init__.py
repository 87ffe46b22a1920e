"""Reports as workbooks, and the workbook in which people type."""
