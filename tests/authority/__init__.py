"""What the in-house authority issues, judged by others: pkilint, openssl, and our own paths.

python -m tests.authority     every profile with every kind of key, as a table
"""
