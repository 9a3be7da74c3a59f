"""The shared workbook 客诉台账.xlsx: its columns, its rows and its file."""
