"""How the data move: from the centres' files to the warehouse and the report. `flow.py` knows the order."""
