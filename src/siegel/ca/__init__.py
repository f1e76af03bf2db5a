"""The authority's floor: certificates, revocation lists and answers are made here, from parameters.

Pure like the floors beside it: keys, moments, serial numbers and randomness come in, DER goes out.
Who may have a certificate, and that no serial number is used twice, is the flows' and the store's.
"""
