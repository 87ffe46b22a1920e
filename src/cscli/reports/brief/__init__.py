"""The report `brief`: one page an account, for the team or for the customer."""
