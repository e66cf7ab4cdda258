"""Many reports taken out at once: one archive of the reports of a municipality's or the region's organizations, made by a run."""
