"""The contract: every field and every table of every layer, declared once.

Pandera, Arrow, SQLAlchemy and the data dictionary are derived from it (`derive.py`, `dictionary.py`):
a new field is one line here.
"""
