"""What Illinois filings share: what a record says of a charge, lists, court papers, and what an attorney checks."""
