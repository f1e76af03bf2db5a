"""Questions to the store and changes of it; frozen rows out, models never.

Import after ``config.django.configure``. The number of database queries of a function never
depends on the number of rows (tested).
"""
