"""California's court papers: pleading paper, exhibits, one-page motions, and the data of Judicial Council forms."""
