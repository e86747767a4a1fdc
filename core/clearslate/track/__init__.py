"""Following each decision until the state's record shows it: states, clocks, the court's answers, later files."""
