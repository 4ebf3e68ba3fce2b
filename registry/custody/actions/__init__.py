"""What is done in custody: with credentials, with the ways back into an account, and with the keys under it all."""
