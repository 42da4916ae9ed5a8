"""From one snapshot to what people read: a page, a CSV and a workbook of the same, protected figures."""
