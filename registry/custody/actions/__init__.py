"""What is done in custody: deposit, replace, describe, destroy, ask to see, redeem."""
