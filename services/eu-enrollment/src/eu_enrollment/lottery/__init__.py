"""The lots of a campaign: a seed committed to before the first application, published when the lots are drawn."""
