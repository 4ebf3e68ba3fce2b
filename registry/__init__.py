"""Account Register: a council's authorised social media accounts, and who may act for them."""
