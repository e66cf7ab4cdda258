"""Electronic signatures made elsewhere: attached to records as detached CMS files, looked through, kept encrypted.

An outside service tells if they are genuine.
"""
