"""The directory's floor: what partners may find and in which form, and how directories are asked.

Pure like the floors beside it: certificates and names come in, files, record texts, filters and
parsed answers go out. What is published at all is the store's and the flows'.
"""
