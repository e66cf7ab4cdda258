"""Signatures of orders that were made elsewhere, by a qualified certificate: attached as files beside the head's own signing here."""
